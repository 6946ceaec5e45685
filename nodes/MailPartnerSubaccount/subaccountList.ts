import { numberIn, objectIn, textIn, UnrecognisedReply } from '../shared/http/response';
import type { Listed } from '../shared/operation/lists';
import type { Asking } from '../shared/operation/acts';
import type { HttpRequest } from '../shared/provider';

/** What an entry of the list says. */
export type KnownOfSubaccount = ReturnType<typeof subaccountIn>;

/** One sub-account of the list, as items show it. */
export type Subaccount = KnownOfSubaccount & { token: string; balance: number };

/** One page of the list. */
export interface Page {
	/** Behind those that can be used, those without a token or with a balance that can't be read. */
	entries: Array<Listed<KnownOfSubaccount>>;
	/** How many the whole list has, as it says itself. */
	total: number | null;
	isLast: boolean;
}

/** The list of sub-accounts, 20 to a page, the first of which is 1. Source: MailPartner, list of sub-accounts. */
export function listRequest(page: number): HttpRequest {
	return { method: 'GET', path: '/subaccount/list', query: { page: String(page) } };
}

/**
 * @param number of the page that was asked for
 * @throws UnrecognisedReply without a list, or with an empty page before the end of it
 */
export function pageIn(data: unknown, number: number): Page {
	const page = objectIn(data);
	const total = numberIn(page.total);
	const entries = entriesIn(page.data, total);
	const perPage = numberIn(page.nb_per_page) ?? 20;
	if (entries.length === 0 && total !== null && total > (number - 1) * perPage) {
		throw endedEarly((number - 1) * perPage, total);
	}
	const read = entries.map((entry) => ({ value: subaccountIn(entry), entry }));
	return {
		entries: [...read.filter(isUsable), ...read.filter((each) => !isUsable(each))],
		total,
		isLast:
			entries.length === 0 ||
			number * perPage === total ||
			(entries.length < perPage && (total === null || total < number * perPage)),
	};
}

/**
 * The entries of a list, of an object whose keys number them, or of a list of one that arrives without the list. What holds
 * nothing is a list where its total says so, too.
 */
function entriesIn(value: unknown, total: number | null): unknown[] {
	const object = objectIn(value);
	const isOne = ['token', 'credits', 'email'].some((key) => key in object);
	const entries = Array.isArray(value) ? (value as unknown[]) : isOne ? [object] : Object.values(object);
	const hasAny = entries.some((entry) => Object.keys(objectIn(entry)).length > 0);
	if (hasAny || (entries.length === 0 && (Array.isArray(value) || total === 0))) return entries;
	throw new UnrecognisedReply('the reply has no list of sub-accounts');
}

function subaccountIn(value: unknown) {
	const entry = objectIn(value);
	const credits = objectIn(entry.credits);
	return {
		id: textIn(entry.id),
		email: textIn(entry.email),
		type: textIn(entry.type),
		token: textIn(entry.token),
		/** EUR. */
		balance: numberIn(credits.balance),
		currency: textIn(credits.currency) ?? 'EUR',
		/** The provider's own text. */
		createdAt: textIn(entry.createdAt),
		/** The sub-account's own key; shown only where the person asks for it. */
		apiKey: textIn(entry.apiKey),
	};
}

export function isUsable(listed: Listed<KnownOfSubaccount>): listed is Listed<Subaccount> {
	return listed.value.token !== null && listed.value.balance !== null;
}

/** What an entry that can't be used lacks. */
export function missingOf({ token }: KnownOfSubaccount): string {
	return token === null ? 'token' : 'balance';
}

/** Its balances move while a long run goes on: for so long, the list is what was read of it. In ms. */
const FRESH_FOR = 60_000;

/**
 * The pages of the list, one after another; each is read once in a minute of a run, whatever it is read for. It ends when as
 * many have come as any page said it has; where none says that, or more have come, with a page that is not full, or with one
 * that brings nothing new.
 *
 * @throws OperationError for a list that is shorter than its own total: who is not on it may exist all the same
 */
export async function* pagesOf(step: Asking): AsyncGenerator<Page> {
	const now = Date.now();
	// All pages of one list, which may have become longer since the last one.
	const since = await step.readOnce('list', async () => now, now - FRESH_FOR);
	const seen = new Set<string>();
	let [count, total] = [0, 0];
	for (let number = 1, isLast = false; !isLast; number++) {
		const read = async () =>
			await step.read(listRequest(number), (data) => {
				const page = pageIn(data, number);
				const hasNew = newOn(page, seen).entries.length > 0;
				const most = Math.max(total, page.total ?? 0);
				if (!hasNew && most > count) throw endedEarly(count, most);
				return page;
			});
		const page = await step.readOnce(`page ${number}`, read, since);
		const fresh = newOn(page, seen);
		for (const each of fresh.entries) seen.add(nameOf(each));
		count += fresh.entries.length;
		// One that is taken out meanwhile moves another from a page that is to come to one that was read.
		total = Math.max(total, page.total ?? 0);
		isLast = count === total || (count > total && fresh.isLast);
		yield fresh;
	}
}

function endedEarly(count: number, total: number): UnrecognisedReply {
	return new UnrecognisedReply(
		`the list of sub-accounts ends after ${count}, and says itself that it has ${total}`,
	);
}

/** What of a page was on none before it; where that is nothing, the page is the last. */
function newOn(page: Page, seen: Set<string>): Page {
	const entries = page.entries.filter((each) => !seen.has(nameOf(each)));
	return { ...page, entries, isLast: page.isLast || entries.length === 0 };
}

function nameOf(listed: Listed<KnownOfSubaccount>): string {
	return isUsable(listed) ? listed.value.token : JSON.stringify(listed.entry);
}
