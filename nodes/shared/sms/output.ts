import type { IDataObject } from 'n8n-workflow';
import type { Journal } from '../idempotency/journal';
import { fingerprint } from '../idempotency/fingerprint';
import type { Part } from '../idempotency/journalFormat';
import type { SharedRun } from '../operation/acts';
import { madeOnce } from '../values/maps';
import type { Campaign } from './plan';
import { packed, readReceipt, unpacked, type Receipt, type Sent, type WrittenReceipt } from './receipt';
import type { SmsWire } from './wire';

export function sentOf({ message, extras, stampToSend, wanted, groups }: Campaign): Sent {
	return {
		...extras,
		m: message,
		...(stampToSend !== undefined && { t: stampToSend }),
		...(stampToSend !== wanted && { w: wanted ?? 0 }),
		...(groups.length > 0 && { f: fingerprint(groups) }),
	};
}

/** What of an item is the same with every provider, and certain before it is sent. */
export function commonOf({ m: message, t }: Sent, itemsInRequest: number): IDataObject {
	return {
		scheduledFor: t === undefined ? null : new Date(t * 1000).toISOString(),
		message,
		itemsInRequest,
	};
}

/** Tells messages apart by what was asked for, whenever they went out. */
function sameness({ m, t, w, ...extras }: Sent): string {
	return fingerprint([m, extras, w ?? t ?? 0]);
}

/** Stands before the numbers of a part that brings the item's groups along. */
const WITH_GROUPS = '*';

/** What the journal notes of an item's part: its numbers, in its order, and whether its groups went along. */
export function noteOf(numbers: string[], groups: boolean): string {
	return `${groups ? WITH_GROUPS : ''}${packed(numbers)}`;
}

export function readNote(note: string): { numbers: string[]; groups: boolean } {
	const groups = note.startsWith(WITH_GROUPS);
	return { numbers: unpacked(groups ? note.slice(1) : note), groups };
}

/** The requests of an execution and whom they carried, as far as the journal knows. */
export class SentRequests {
	private readonly numbers = new Map<number, string[]>();
	private readonly members = new Map<number, number>();

	constructor(
		private readonly journal: Journal,
		private readonly wire: SmsWire,
	) {}

	/**
	 * Takes note of all that earlier tries have begun, of failed items as well: a receipt names numbers by their places
	 * among all that a request carried.
	 *
	 * @returns which of them carried a number with the message of a campaign, by number: among items that share requests
	 * it does not go out again
	 */
	async addEarlier(breathe: SharedRun['breathe']): Promise<(campaign: Campaign) => Map<string, number>> {
		const bySameness = new Map<string, Map<string, number>>();
		for (const item of this.journal.begunItems()) {
			await breathe();
			const parts = this.journal.parts(item);
			this.add(item, parts);
			for (const { request, note } of parts) {
				const { numbers } = readNote(note);
				const same = sameness(this.journal.request(request).kept as Sent);
				const carried = madeOnce(bySameness, same, () => new Map<string, number>());
				for (const number of numbers) carried.set(number, request);
			}
		}
		return (campaign) => {
			const isShared = bySameness.size > 0 && campaign.combineItems;
			return new Map(isShared ? bySameness.get(sameness(sentOf(campaign))) : undefined);
		};
	}

	/** Takes note of an item's parts that have just begun. */
	add(item: number, parts: readonly Part[] = this.journal.parts(item)): void {
		for (const { request, note } of parts) {
			madeOnce(this.numbers, request, () => []).push(...readNote(note).numbers);
			this.members.set(request, (this.members.get(request) ?? 0) + 1);
		}
	}

	receiptOf(request: number): Receipt | undefined {
		const written = this.journal.request(request).value as WrittenReceipt | undefined;
		return written && readReceipt(written);
	}

	/** The item as it comes out when all its parts were answered, with the numbers in the order in which they are asked for. */
	async itemOf(
		item: number,
		breathe: SharedRun['breathe'],
		parts = this.journal.parts(item),
		numbers = this.numbersOf(item, parts),
	): Promise<IDataObject> {
		const receipts = new Map<number, Receipt>();
		const left = { l: new Set<string>(), g: new Set<string>(), m: new Set<string>() };
		const ofGroups: NonNullable<Receipt['e']> = ['', '', ''];
		let itemsInRequest = 1;
		for (const { request, note } of parts) {
			await breathe();
			const receipt = receipts.get(request) ?? this.receiptOf(request)!;
			receipts.set(request, receipt);
			itemsInRequest = Math.max(itemsInRequest, this.members.get(request) ?? 1);
			const part = readNote(note);
			if (part.groups) receipt.e?.forEach((list, place) => (ofGroups[place] += list));
			for (const name of ['l', 'g', 'm'] as const) {
				const places = receipt[name];
				if (!places) continue;
				const all = [...new Set(this.numbers.get(request))];
				const named = new Set(places.map((place) => all[place]));
				for (const number of part.numbers) if (named.has(number)) left[name].add(number);
			}
		}
		await breathe();
		const answers = [...receipts.values()];
		const [first] = answers as [Receipt];
		const sent = this.journal.request(parts[0]!.request).kept as Sent;
		const among = (named: Set<string>) =>
			named.size === 0 ? [] : numbers.filter((number) => named.has(number));
		const without = new Set([...left.l, ...left.g, ...left.m]);
		const own = new Set(ofGroups.some((list) => list !== '') ? numbers : []);
		const [others, local, global] = ofGroups.map((list) =>
			unpacked(list).filter((number) => !own.has(number)),
		) as [string[], string[], string[]];
		return this.wire.itemOf({
			recipients: [...numbers.filter((number) => !without.has(number)), ...others],
			localOptOuts: [...among(left.l), ...local],
			globalOptOuts: [...among(left.g), ...global],
			unlisted: among(left.m),
			sent,
			receipts: answers,
			common: {
				messageId: first.id,
				...commonOf(sent, itemsInRequest),
				...(first.o?.message !== undefined && { message: first.o.message }),
				messageIds: answers.map(({ id }) => id),
			},
		});
	}

	private numbersOf(item: number, parts: readonly Part[]): string[] {
		const ordered = this.journal.note(item);
		return ordered === undefined ? numbersSent(parts) : readNote(ordered).numbers;
	}
}

/** The numbers of parts, as they went out. */
export function numbersSent(parts: readonly Part[]): string[] {
	return parts.flatMap(({ note }) => readNote(note).numbers);
}
