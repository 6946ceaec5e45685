import { OperationError } from '../errors';
import { narrowed, type Batch } from './plan';

/** What is known of an item's numbers when it fails. */
export interface Reached {
	accepted: string[];
	/** Message IDs of the requests that carried them. */
	ids: string[];
	unknown: string[];
	untried: string[];
	/** What became of its groups, where a request has carried them. */
	groups?: 'accepted' | 'unknown';
}

/** How many of the provider's complaints an error of the whole node repeats. */
const MOST_SENTENCES = 3;

/**
 * When a shared request is refused because of a number, nothing of it was sent: the items whose numbers the provider
 * names fail, the others go on. Where it names none, the request is halved until the number is found.
 */
export function batchesWithoutTheBad(batch: Batch, { message }: OperationError): Batch[] {
	if (batch.members.size < 2) return [];
	const isBad = (item: number) => batch.members.get(item)!.some((number) => message.includes(number));
	const bad = new Set([...batch.members.keys()].filter(isBad));
	if (bad.size > 0) return [narrowed(batch, (item) => !bad.has(item))].filter((part) => part !== undefined);
	// Groups must go out once: a request with groups is not torn in two.
	if (batch.groups.length > 0) return [];
	const half = new Set([...batch.members.keys()].slice(0, Math.ceil(batch.members.size / 2)));
	return [narrowed(batch, (item) => half.has(item))!, narrowed(batch, (item) => !half.has(item))!];
}

/**
 * The refusal of a shared request as one of its items shows it: with what is said of its own numbers, and not with other
 * people's.
 *
 * @param isWhole for the error of the whole node: the first three complaints, and how many more there are
 */
export function errorFor(refusal: OperationError, own: string[], isWhole: boolean): OperationError {
	const [, prefix = '', complaints = ''] = /^(.*? refused: )?(.*)$/s.exec(refusal.message) ?? [];
	const sentences = complaints.split('; ');
	const isOwn = (sentence: string) =>
		!/\d{10}/.test(sentence) || own.some((number) => sentence.includes(number));
	const about = isWhole ? sentences : sentences.filter(isOwn);
	const shown = isWhole ? about.slice(0, MOST_SENTENCES) : about;
	const more = about.length - shown.length;
	const text = `${prefix}${shown.join('; ')}${more > 0 ? `; and ${more} more like this` : ''}`;
	return new OperationError(refusal.outcome, text, refusal.facts);
}

/** The failure of an item some of whose numbers or groups have gone out: it says which is which. */
export function partlySent(reason: OperationError, { accepted, ids, unknown, untried, groups }: Reached) {
	const count = accepted.length + unknown.length + untried.length;
	const hasBegun = accepted.length > 0 || unknown.length > 0 || groups !== undefined;
	const isAllUnknown = accepted.length === 0 && untried.length === 0 && groups !== 'accepted';
	if (!hasBegun || isAllUnknown) return reason;
	const facts = [
		groups === 'accepted' &&
			accepted.length === 0 &&
			`its groups were accepted (message ID ${ids.join(', ')})`,
		groups === 'unknown' && 'unknown: its groups',
		accepted.length > 0 &&
			`${accepted.length} of ${count} numbers were accepted (message ID ${ids.join(', ')}): ${accepted.join(', ')}`,
		unknown.length > 0 && `unknown: ${unknown.join(', ')}`,
		untried.length > 0 && `not tried: ${untried.join(', ')}`,
	].filter((fact) => fact !== false);
	const retry =
		untried.length > 0 ? '. Executions → Retry sends the message to those that were not tried' : '';
	return new OperationError(
		'unknown',
		`Only a part of this item is certain: ${facts.join('; ')}. Then: ${reason.message}${retry}`,
		reason.facts,
	);
}
