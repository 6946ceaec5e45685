import { adviceByStatus, waiting } from '../shared/http/statusAdvice';
import { EACH_TRY_HOLDS } from '../shared/paymentCard';
import type { HttpRequest, Refusal } from '../shared/provider';
import { shown } from '../shared/values/text';

export const NOTHING_FOUND = /\bnothing was found\b/i;
const DECLINED = /\bdeclin|insufficient funds|do not honou?r|not approved/i;
/** Field errors of a refusal that say nothing of the card: what is bought is wrong, or taken. */
const NOT_THE_CARD = /^(Keyword|NumberOfCredits|CouponCode):/;
/** Club Texting names the field that it does not take. */
const FIELD_ERROR = /(?:^|refused: |; )[A-Z]\w+: /;

/** Whether a refused charge was refused because of its card. */
export function isAboutCard(message: string): boolean {
	return !message.split('; ').some((error) => NOT_THE_CARD.test(error));
}

/** Its words, and what they are about where it does not say. */
export function reasonOf({ message, provider, request }: Refusal): string {
	if (!NOTHING_FOUND.test(message) || !request) return message;
	const missing = missingIn(request);
	return missing === undefined ? message : `${missing} is not known to ${provider} (${message})`;
}

/** What the parts of a collection are, by its path. */
const PARTS: Record<string, string> = {
	keywords: 'the keyword',
	contacts: 'the contact with the ID',
	'incoming-messages': 'the incoming message with the ID',
	'sending/phone-numbers': 'the phone number',
	'sending/reports': 'the message with the ID',
};

function missingIn({ path, query = {} }: HttpRequest): string | undefined {
	const [, collection = '', given = ''] = /^\/(sending\/[^/]+|[^/]+)\/([^/]+)/.exec(path) ?? [];
	const name = shown(decodeURIComponent(given));
	const part = PARTS[collection];
	return part && `${part} ${collection === 'keywords' ? `“${query.Keyword ?? name}”` : name}`;
}

const CHARGES = ['credit.buy', 'credit.topUp', 'keyword.rent'];

/** What a person can do about a refusal. */
export function adviceOf(refusal: Refusal): string {
	const { provider, code, httpStatus, operation, message } = refusal;
	if (httpStatus === 401 || code === '401') {
		return `Check user name and password in the Club Texting credential, and ask ${provider}’s support whether API access is switched on for the account.`;
	}
	if (httpStatus === 503 || httpStatus === 429) {
		const slower = ' If it comes again, set the option “Requests per Second” lower.';
		return `${waiting(provider)}${operation === 'message.send' ? slower : ''}`;
	}
	if (/forbidden/i.test(message)) {
		return `Nothing was sent or changed. The account may not use this: ask ${provider}’s support.`;
	}
	if (NOTHING_FOUND.test(message)) {
		return 'Nothing was changed. Check how it is written, and that it belongs to the account of the credential.';
	}
	if (code === undefined) return adviceByStatus(refusal);
	if (CHARGES.includes(operation)) return adviceOnCharge(refusal);
	return FIELD_ERROR.test(message)
		? 'Nothing was sent or changed. Correct what the text names and try again.'
		: `Nothing was sent or changed. If the text does not say what to do, ask ${provider}’s support.`;
}

function adviceOnCharge({ provider, message, request }: Refusal): string {
	const own = message.replace(/^.*? refused: /, '');
	if (!isAboutCard(own)) return 'Nothing was charged. Correct what the text names and try again.';
	const { StoredCreditCard: stored } = request?.form ?? {};
	if (DECLINED.test(message)) {
		return `Nothing was charged. Ask the bank of the card why, or pay with another one. ${EACH_TRY_HOLDS}`;
	}
	const onFile = `the last four digits, and that the card stored at ${provider} is still valid`;
	const typed = 'number, code, expiry and billing address in the Payment Card credential';
	if (request) return `Nothing was charged. Check ${stored === undefined ? typed : onFile}.`;
	return `Nothing was charged. Check the card: ${typed}; or for a stored card ${onFile}.`;
}
