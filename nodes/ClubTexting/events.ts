import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import type { List } from '../shared/operation/lists';
import { poll, type Poll } from '../shared/polling/poll';
import { CONTACTS, OPTED_OUT, type Contact } from './contact';
import { INBOX, LATEST_FIRST } from './inbox';
import { entriesOf, PER_PAGE_UNASKED } from './list';
import { clubTexting } from './provider';

/** What was there at some poll, by ID or phone number: 13 bytes for a contact. */
interface Seen {
	seen: string[];
	/** The most that a list has had. */
	most?: number;
}

/**
 * So many messages that are no longer listed are remembered, or as many as a list has had: one that comes out empty or
 * short once makes none new.
 */
const MISSING_MESSAGES_KEPT = 10_000;
/** So many contacts without a number, which can’t be looked up, are remembered. */
const MISSING_KEPT = 1000;
/** So many contacts are looked up in one poll; the others stay remembered until it is their turn. */
const LOOKED_UP = 50;
/** A test in the editor shows so many. */
const SHOWN = 10;

/** By what the polling trigger starts on. */
export const pollFor = {
	messageReceived: async (context: IPollFunctions) =>
		await poll<Seen>(context, clubTexting, 'incomingMessage.getAll', 'messages', async (current, memory) => {
			const messages = await listed(current, INBOX, LATEST_FIRST, memory === undefined);
			const { items, missing, there } = compared(messages, INBOX.idOf, current, memory);
			const most = Math.max(memory?.most ?? MISSING_MESSAGES_KEPT, there.length);
			return {
				// The one that came first is answered first.
				items: items.reverse(),
				memory: { seen: [...missing.slice(-most), ...there], most },
			};
		}),

	contactOptedOut: async (context: IPollFunctions) =>
		await poll<Seen>(context, clubTexting, 'contact.getAll', 'optOuts', async (current, memory) => {
			const contacts = await listed(current, OPTED_OUT, OPTED_OUT.query, memory === undefined);
			const { items, missing, there } = compared(contacts, nameOf, current, memory);
			// Nobody is listed of so many: the list failed, and a look-up may too.
			const isDoubtful = there.length === 0 && missing.length > LOOKED_UP;
			const stillOut =
				current.isTest || isDoubtful ? missing : await stillOptedOut(current, missing, there.length === 0);
			return { items, memory: { seen: [...stillOut, ...there] } };
		}),
};

/**
 * All of a list; in a test its beginning.
 *
 * @param isFirst what the list has now will never be told of: one of several pages is read twice, since one that changes
 * meanwhile may leave something out
 */
async function listed<T>(
	{ read, isTest }: Poll,
	list: List<T>,
	query: Record<string, string>,
	isFirst: boolean,
): Promise<T[]> {
	const entries = await entriesOf(read, list, query, isTest ? SHOWN : Infinity);
	const isLong = isFirst && !isTest && entries.length >= PER_PAGE_UNASKED;
	const again = isLong ? await entriesOf(read, list, query, Infinity) : [];
	return [...entries, ...again].map(({ value }) => value);
}

/** The same person keeps the number when the contact is made anew. */
function nameOf({ phoneNumber, contactId }: Contact): string {
	return phoneNumber ?? contactId;
}

/**
 * @returns `items` that are listed for the first time; names of those that are `missing` from the list, in the order in
 * which they were remembered; names of all that are `there`
 */
function compared<T extends IDataObject>(
	values: T[],
	nameOf: (value: T) => string,
	{ isTest }: Poll,
	memory: Seen | undefined,
): { items: T[]; missing: string[]; there: string[] } {
	const byName = new Map([...values].reverse().map((value) => [nameOf(value), value]));
	const before = new Set(memory?.seen);
	const isNew = (name: string) => isTest || (memory !== undefined && !before.has(name));
	return {
		items: [...byName]
			.reverse()
			.filter(([name]) => isNew(name))
			.map(([, value]) => value),
		missing: [...before].filter((name) => !byName.has(name)),
		there: [...byName.keys()],
	};
}

/**
 * Those of the missing contacts to remember. A list that changes while its pages are read may leave one out, so each is
 * looked up before it is forgotten: who opts in and out again comes again.
 *
 * @param isEmpty whether nobody is listed: who is not found either may be there all the same
 */
async function stillOptedOut(current: Poll, missing: string[], isEmpty: boolean): Promise<string[]> {
	const isNumber = (name: string) => /^\d{10}$/.test(name);
	const withoutNumber = missing.filter((name) => !isNumber(name)).slice(-MISSING_KEPT);
	const numbers = missing.filter(isNumber);
	const found: string[] = [];
	for (const number of numbers.slice(0, LOOKED_UP)) {
		const contacts = await entriesOf(current.read, CONTACTS, { query: number }, Infinity);
		const own = contacts.filter(({ value }) => value.phoneNumber === number);
		if (own.length === 0 ? isEmpty : own.some(({ value }) => value.optedOut !== false)) found.push(number);
	}
	// Those that were looked up go to the end of the queue.
	return [...withoutNumber, ...numbers.slice(LOOKED_UP), ...found];
}
