import { adviceByStatus, waiting } from '../shared/http/statusAdvice';
import { EACH_TRY_HOLDS } from '../shared/paymentCard';
import type { Refusal } from '../shared/provider';

/** Words that speak of what is bought, and not of what it is paid with. */
const NOT_THE_CARD = /\bcoupons?\b|\bpromo|\bcredits\b/i;

/**
 * Whether a refused charge was refused because of its card. The provider's words for it are not known: what does not speak
 * of something else counts, so that no card is asked over and over.
 */
export function isAboutCard(message: string): boolean {
	return /\bcard\b/i.test(message) || !NOT_THE_CARD.test(message);
}

const CHARGES = ['credit.buy', 'credit.topUp'];

/** What a person can do about a refusal. */
export function adviceOf(refusal: Refusal): string {
	const { provider, code, httpStatus, operation, message } = refusal;
	if (httpStatus === 401) {
		return `Check user name and password in the EZ Texting credential: they are those of ${provider}’s web product. A Club Texting log-in is another one.`;
	}
	if (httpStatus === 429) {
		const slower = ' If it comes again, set the option “Requests per Minute” lower.';
		return `${waiting(provider)}${operation === 'message.send' ? slower : ''}`;
	}
	if (operation === 'message.getReport' && httpStatus === 404) {
		return 'The report of a message may take some minutes: wait, then ask again. If it stays, check the ID, and that the message belongs to the account of the credential.';
	}
	if (code === undefined || httpStatus === 403) return adviceByStatus(refusal);
	if (CHARGES.includes(operation)) {
		return isAboutCard(message)
			? `Nothing was charged. Check that the last four digits are those of a card stored at ${provider}, and that the card is still valid. ${EACH_TRY_HOLDS}`
			: 'Nothing was charged. Correct what the text names and try again.';
	}
	if (httpStatus === 404) {
		return 'Nothing was changed. Check how it is written, and that it belongs to the account of the credential.';
	}
	return `Nothing was sent or changed. Correct what the text names and try again; if it does not say what to do, ask ${provider}’s support.`;
}

const SEEN_IN: Record<string, string> = {
	'message.send':
		'See what was sent: “Message: Get Many” with “Phone Number” as filter lists the newest text first; the inbox of your EZ Texting account shows the same.',
	'message.cancel':
		'See whether it is still to go out: “Message: Get Many” with “Phone Number” and “Scheduled” as filters.',
	'contact.upsert': 'See what the contact is like now: “Contact: Get” with its number.',
	'contact.delete': 'See whether the contact is still there: “Contact: Get” with its number.',
	'contact.block':
		'See whether the number is blocked: look at the contact in your EZ Texting account. Blocking it once more does no harm.',
	'group.create': 'See whether the group is there: “Group: Get Many” lists them by name.',
	'credit.buy':
		'See whether the credits are there: compare “Credit: Get Balance” with what you had, and look at the statement of the card.',
};

/** Where a person sees what became of an act without an answer. */
export function whereToLook(operation: string): string | undefined {
	return SEEN_IN[operation === 'credit.topUp' ? 'credit.buy' : operation];
}
