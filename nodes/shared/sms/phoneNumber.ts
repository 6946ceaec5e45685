import { invalid } from '../errors';
import { textIn } from '../http/response';
import { counted, shown, trimmed, withoutEnds, withoutInvisible } from '../values/text';

/** The countries that share the prefix +1 with the two. Source: the metadata of Google's libphonenumber, November 2026. */
const ELSEWHERE = {
	Anguilla: '264',
	'Antigua and Barbuda': '268',
	'the Bahamas': '242',
	Barbados: '246',
	Bermuda: '441',
	'the British Virgin Islands': '284',
	'the Cayman Islands': '345',
	Dominica: '767',
	'the Dominican Republic': '809 829 849',
	Grenada: '473',
	Jamaica: '658 876',
	Montserrat: '664',
	'Saint Kitts and Nevis': '869',
	'Saint Lucia': '758',
	'Saint Vincent and the Grenadines': '784',
	'Sint Maarten': '721',
	'Trinidad and Tobago': '868',
	'the Turks and Caicos Islands': '649',
};

/**
 * As an area code is written. Which of them are in use changes every month, so one that is not known here is left to the
 * provider. Source: North American Numbering Plan Administrator.
 */
const AREA_CODE = /^(?!.11)[2-9][0-8]\d$/;

/** Numbers that no carrier gives to a phone: personal, data and premium services. Source: the same. */
const SERVICES = /^(?:900|[5-7]00|5(?:2[1-9]|([34678])\1)|6([2-8])\2|456|710)$/;

/** What stands between the groups of digits, or around them. */
const GAP = String.raw`[\s().\/\u00B7\u0387\u2022\u2027\u2219\u2212\u22C5\u2E31\u30FB\u30FC\uFF65\p{Pd}]`;
const NUMBER = new RegExp(
	`^${GAP}*(?:(?:\\+${GAP}*)?1${GAP}*)?(\\d{3})${GAP}*(\\d{3})${GAP}*(\\d{4})${GAP}*$`,
	'u',
);
const NOT_OF_A_NUMBER = new RegExp(`(?:(?!${GAP})[^\\d+]){1,10}`, 'u');

/** With all gaps that anybody leaves. What is longer is no number, and is not looked at more closely. */
const LONGEST = 100;

/** Quotes, with the apostrophe by which Excel keeps a text a text. */
const QUOTE = /["'`´‘’“”ʼ]/;

/** As most are: there is nothing to clean. */
const PLAIN = /^\+?[0-9]+$/;

const BETWEEN_NUMBERS = /[,;\r\n\u0085\u2028\u2029\u060C\u061B\u3001\uFF0C\uFF1B]/;

const ADVICE = 'Write its ten digits like (212) 345-6785 or +1 212 345 6785.';
const SEPARATE = 'Put a comma, a semicolon or a new line between two numbers.';
const ALONE = 'This field takes one number: give each its own item.';
const REACH = 'Only mobile phones of the United States and Canada can be reached.';

/**
 * A North American phone number as ten digits. They may be written as one, or as 3-3-4, 3-7 or
 * 6-4 digits with spaces, dashes, dots, slashes or brackets between them, after a 1 or +1 or without. Nothing else is
 * taken for a number, as other groups are those of a date, an amount or a number of another country.
 *
 * @param several what to do where it looks like several
 * @throws OperationError `invalid`
 */
export function phoneNumberOf(written: string, field: string, several = ALONE): string {
	const number = cleaned(written);
	const [, area, exchange, line] = (number.length <= LONGEST && NUMBER.exec(number)) || [];
	const [trouble, advice] =
		area === undefined ? troubleOfShape(number) : (troubleOfCodes(area, exchange!) ?? []);
	if (trouble === undefined) return `${area}${exchange}${line}`;
	throw invalid(
		field,
		`contains "${shown(written.trim())}", which is not the number of a mobile phone in the United States or Canada: ${trouble}`,
		advice ?? (number.length <= LONGEST && number.replace(/\D/g, '').length < 20 ? ADVICE : several),
	);
}

function cleaned(written: string): string {
	if (PLAIN.test(written)) return written;
	const text = trimmed(plainWidth(withoutInvisible(written)));
	return text.length > LONGEST ? text : withoutEnds(text, QUOTE).replace(/^tel:/i, '');
}

/** Digits and signs of East Asian keyboards, which look the same and are wider. */
function plainWidth(text: string): string {
	return text.replace(/[\uFF01-\uFF5E]/g, (wide) => wide.normalize('NFKC'));
}

type Trouble = [trouble: string, advice?: string];

function troubleOfShape(number: string): Trouble {
	const digits = number.replace(/\D/g, '');
	return troubleOfKind(number, digits) ?? troubleOfSigns(number) ?? troubleOfDigits(number, digits);
}

/** What is something else than one number. */
function troubleOfKind(number: string, digits: string): Trouble | undefined {
	if (number.length > LONGEST) {
		return [`it has ${counted(digits.length, 'digits')} in ${number.length} characters`];
	}
	if (/^[\d.]+E\+?\d+$/i.test(number)) {
		return [
			'a spreadsheet has shortened it',
			'Give its column the format Text in the spreadsheet, and enter the number again.',
		];
	}
	if (/^[[{]/.test(number)) return ['it is a list as text', 'Let the expression give the list itself.'];
	if (digits === '') return ['there are no digits in it, 0 to 9'];
	return undefined;
}

/** What stands in it beside digits and gaps. */
function troubleOfSigns(number: string): Trouble | undefined {
	const other = NOT_OF_A_NUMBER.exec(number)?.[0];
	if (/^(x|ext|extn|extension|#|ext=)$/i.test(other ?? '')) {
		return [
			'it has an extension, which no text message reaches',
			'Give the number of a mobile phone, without an extension.',
		];
	}
	if (other !== undefined) return [`"${shown(other)}" does not belong in it`];
	if (/[\d+]/.exec(number)!.index < number.lastIndexOf('+'))
		return ['its "+" does not stand at its beginning'];
	return undefined;
}

/** How many digits there are, what they begin with, and how they stand together. */
function troubleOfDigits(number: string, digits: string): Trouble {
	const abroad = /^(?:00|011)(?=1?\d{10})/.exec(digits)?.[0];
	if (/^[^\d+]*\+\D*[02-9]/.test(number) || (abroad !== undefined && digits[abroad.length] !== '1')) {
		return ['its country is not the one of +1', REACH];
	}
	if (abroad !== undefined) return [`it begins with ${abroad}, as numbers do that are dialed from abroad`];
	if (number.includes('+') && digits.length !== 11) {
		return [`it has ${counted(digits.length - 1, 'digits')} after +1 instead of ten`];
	}
	if (digits.length === 11 && digits[0] !== '1') return ['it has 11 digits and does not begin with 1'];
	if (digits.length < 10 || digits.length > 11) {
		return [`it has ${counted(digits.length, 'digits')} instead of ten`];
	}
	const groups = number.match(/\d+/g)!.map(({ length }) => length);
	return [`its digits are in groups of ${groups.join('-')}, not of 3-3-4`];
}

function troubleOfCodes(area: string, exchange: string): Trouble | undefined {
	const country = Object.entries(ELSEWHERE).find(([, codes]) => codes.split(' ').includes(area))?.[0];
	if (country) return [`its area code ${area} is that of ${country}`, REACH];
	if (SERVICES.test(area)) {
		return [`its area code ${area} is for special services, not for mobile phones`, REACH];
	}
	if (!AREA_CODE.test(area)) {
		return [`its first three digits, ${area}, are not the area code of a place there`, 'Check them.'];
	}
	if (/^[01]|11$/.test(exchange)) {
		return [`no phone has ${exchange} after its area code`, 'Check its fourth to sixth digit.'];
	}
	return undefined;
}

/**
 * Phone numbers from a text with commas, semicolons or new lines between them, or from a list. Each stands once; what
 * is empty is left out.
 *
 * @throws OperationError `invalid` for the first that is none
 */
export function phoneNumbersOf(value: unknown, field: string): string[] {
	const entries = (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((entry) => {
		if (entry === null || entry === undefined) return [];
		if (typeof entry === 'string') return entry.split(BETWEEN_NUMBERS);
		// As text, a negative number would pass for one after a dash.
		if (typeof entry === 'number' && entry >= 0) return [String(entry)];
		const kind = Array.isArray(entry) ? 'a list' : typeof entry === 'object' ? 'an object' : String(entry);
		throw invalid(
			field,
			`must be text or a list of phone numbers, but contains ${kind}`,
			'An expression has to give the numbers themselves, such as {{ $json.phone }}.',
		);
	});
	const written = entries.filter((entry) => trimmed(entry) !== '');
	return [...new Set(written.map((entry) => phoneNumberOf(entry, field, SEPARATE)))];
}

/**
 * The ten-digit numbers in part of a reply, whatever contains them (a list, a list of objects, an object with them as keys,
 * one text) and however they are written: 12125550101, (212) 555-0101, in digits of full width.
 */
export function numbersIn(value: unknown): string[] {
	if (typeof value === 'object' && value !== null) {
		// What else is said of a number, such as an ID or a time, may have ten digits, too.
		const isSaidOfIt = ([key, inner]: [string, unknown]) =>
			'PhoneNumber' in value && key !== 'PhoneNumber' && typeof inner !== 'object';
		const entries = Object.entries(value).filter((entry) => !isSaidOfIt(entry));
		return entries.flat().flatMap(numbersIn);
	}
	const text = plainWidth(withoutInvisible(textIn(value) ?? ''));
	return [...text.matchAll(/(?<!\d)(?:(?:00)?1\W*)?(\d{3})\W{0,2}(\d{3})\W{0,2}(\d{4})(?!\d)/g)].map(
		(match) => match.slice(1).join(''),
	);
}
