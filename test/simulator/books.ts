import type { Click2MailBooks } from './click2Mail';
import type { ClubTextingBooks } from './clubTexting';
import type { EzTextingBooks } from './ezTexting';
import type { MailPartnerBooks } from './mailPartner';

/** What all providers have written down. */
export interface Books {
	click2mail: Click2MailBooks;
	clubTexting: ClubTextingBooks;
	ezTexting: EzTextingBooks;
	mailPartner: MailPartnerBooks;
}

/** Books as JSON has them: lists for sets, objects for maps. */
type Plain<T> = T extends Set<infer V> ? V[] : T extends Map<string, infer V> ? Record<string, V> : T;
export type PlainBooks = {
	[P in keyof Books]: { [K in keyof Books[P]]: Plain<Books[P][K]> };
};

/** A change of some entries of some books. */
export type BooksChange = { [P in keyof PlainBooks]?: Partial<PlainBooks[P]> };

/** The books as JSON text. */
export function writeBooks(books: Books): string {
	return JSON.stringify(
		books,
		(_key, value: unknown) => {
			if (value instanceof Set) return [...value];
			return value instanceof Map ? Object.fromEntries(value) : value;
		},
		2,
	);
}

/** Sets entries of the books from JSON. What the books don't have is refused; the text says what. */
export function mergeIntoBooks(books: Books, change: unknown): string | null {
	if (!isObject(change)) return 'Expected a JSON object';
	for (const [provider, entries] of Object.entries(change)) {
		if (!Object.hasOwn(books, provider)) return `There are no books of '${provider}'`;
		if (!isObject(entries)) return `Expected a JSON object for '${provider}'`;
		const target: object = books[provider as keyof Books];
		for (const [name, value] of Object.entries(entries)) {
			if (!Object.hasOwn(target, name)) return `The books of ${provider} have no '${name}'`;
			const present: unknown = Reflect.get(target, name);
			if (present instanceof Set && Array.isArray(value)) Reflect.set(target, name, new Set(value));
			else if (present instanceof Map && isObject(value))
				Reflect.set(target, name, new Map(Object.entries(value)));
			else if (present instanceof Set || present instanceof Map) return `'${name}' has another shape`;
			else Reflect.set(target, name, value);
		}
	}
	return null;
}

function isObject(value: unknown): value is { [key: string]: unknown } {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
