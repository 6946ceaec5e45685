import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { invalid } from './errors';
import { counted, trimmed, withoutInvisible } from './values/text';

/** Whose card it is and where the bills go, with the labels in the credential. */
const OWNER = {
	firstName: 'First Name',
	lastName: 'Last Name',
	street: 'Street',
	city: 'City',
	state: 'State',
	zip: 'ZIP Code',
	country: 'Country',
};
type Owner = Record<keyof typeof OWNER, string>;

/** A payment card as a `paymentCardApi` credential holds it, checked. Every value is text. */
export interface Card extends Owner {
	type: 'visa' | 'masterCard' | 'amex' | 'discover';
	/** Digits only. */
	number: string;
	/** Two digits. */
	expirationMonth: string;
	/** Four digits. */
	expirationYear: string;
	securityCode: string;
}

/** Length of the number, what it begins with, and length of the security code. */
const RULES = {
	visa: { name: 'Visa', lengths: [13, 16, 19], begins: /^4/, code: 3 },
	masterCard: {
		name: 'Mastercard',
		lengths: [16],
		begins: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/,
		code: 3,
	},
	amex: { name: 'American Express', lengths: [15], begins: /^3[47]/, code: 4 },
	discover: {
		name: 'Discover',
		lengths: [16, 19],
		begins: /^(6011|64[4-9]|65|622(12[6-9]|1[3-9]|[2-8]|9[01]|92[0-5]))/,
		code: 3,
	},
};

/** In years. Cards are issued for 3 to 5, some that stay with a business for up to 20. */
const LONGEST_VALIDITY = 20;

/** @param field its label in the credential */
const wrong = (field: string, trouble: string) =>
	invalid(field, trouble, 'Correct it in the Payment Card credential.');

/**
 * Checks a card without sending it anywhere: its type, length and check digit, the length of its code, and its expiry.
 * A card is good until the last day of its month, in the time zone of UTC-12, the last place where that month ends.
 * No text of an error repeats a digit of the card.
 *
 * @throws OperationError `invalid`, naming the field
 */
export function checkedCard(credential: ICredentialDataDecryptedObject, now = new Date()): Card {
	const text: Text = (key) => trimmed(withoutInvisible(String(credential[key] ?? '')));
	const type = text('cardType') as Card['type'];
	const rule = Object.hasOwn(RULES, type) ? RULES[type] : undefined;
	if (rule === undefined) throw wrong('Card Type', 'of the payment card is not one of the four accepted');

	return {
		type,
		number: checkedNumber(text, rule),
		securityCode: checkedSecurityCode(text, rule),
		...checkedExpiry(text, now),
		...checkedOwner(text),
	};
}

/** What stands in a field of the credential. */
type Text = (key: keyof Card | 'cardType') => string;
type Rule = (typeof RULES)[Card['type']];

function checkedNumber(text: Text, { name, lengths, begins }: Rule): string {
	const number = text('number').replace(/[\s\p{Pd}\u2212]/gu, '');
	if (!/^\d+$/.test(number)) {
		throw wrong('Card Number', 'must be digits, with nothing but blanks and dashes between them');
	}
	if (!lengths.includes(number.length)) {
		throw wrong('Card Number', `has ${counted(number.length, 'digits')}, which no ${name} number has`);
	}
	if (!begins.test(number)) {
		throw wrong('Card Number', `is not ${name.startsWith('A') ? 'an' : 'a'} ${name} number`);
	}
	if (!hasValidCheckDigit(number)) {
		throw wrong('Card Number', 'is mistyped: its check digit does not fit');
	}
	return number;
}

function checkedSecurityCode(text: Text, { name, code }: Rule): string {
	const securityCode = text('securityCode');
	if (!/^\d+$/.test(securityCode) || securityCode.length !== code) {
		throw wrong('Security Code', `must have ${code} digits for ${name}`);
	}
	return securityCode;
}

function checkedExpiry(text: Text, now: Date): Pick<Card, 'expirationMonth' | 'expirationYear'> {
	const monthText = text('expirationMonth');
	const month = Number(monthText);
	if (!/^\d{1,2}$/.test(monthText) || month < 1 || month > 12) {
		throw wrong('Expiration Month', 'must be a month from 01 to 12');
	}
	const yearText = text('expirationYear');
	if (!/^(\d{2}|\d{4})$/.test(yearText)) throw wrong('Expiration Year', 'must be a year such as 2030');
	const year = Number(yearText) + (yearText.length === 2 ? 2000 : 0);
	if (now.getTime() >= Date.UTC(year, month, 1, 12)) {
		throw wrong('Expiration Month', 'and year have passed: the card has expired');
	}
	if (year > now.getUTCFullYear() + LONGEST_VALIDITY) {
		throw wrong(
			'Expiration Year',
			`is more than ${LONGEST_VALIDITY} years ahead, and no card is valid for so long`,
		);
	}
	return { expirationMonth: String(month).padStart(2, '0'), expirationYear: String(year) };
}

function checkedOwner(text: Text): Owner {
	const owner = Object.entries(OWNER).map(([key, label]): [string, string] => {
		const value = text(key as keyof Owner);
		if (value === '') throw wrong(label, 'of the payment card is empty');
		return [key, value];
	});
	return Object.fromEntries(owner) as Owner;
}

/** The test of the payment card credential: checked on this machine, nothing is sent anywhere. */
export async function paymentCard(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	try {
		checkedCard(credential.data ?? {});
		return { status: 'OK', message: 'The card looks right; it was checked here and sent nowhere' };
	} catch (error) {
		return { status: 'Error', message: (error as Error).message };
	}
}

/** The Luhn check of ISO/IEC 7812-1. */
function hasValidCheckDigit(number: string): boolean {
	let sum = 0;
	for (const [place, digit] of [...number].reverse().entries()) {
		const weighted = Number(digit) * (place % 2 === 0 ? 1 : 2);
		sum += weighted > 9 ? weighted - 9 : weighted;
	}
	return sum % 10 === 0;
}

/** Why a refused charge is not to be tried over and over. */
export const EACH_TRY_HOLDS =
	'Do not try again and again, since each try may hold the amount on the card for some days.';
