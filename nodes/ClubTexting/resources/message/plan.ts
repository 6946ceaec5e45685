import type { WireRequest } from '../../../shared/operation';
import type { Delivery } from './text';

/** What one item asks to be sent, checked and cleaned. */
export interface Campaign {
	/** Ten digits each, each once. */
	numbers: string[];
	/** Names of contact groups. */
	groups: string[];
	message: string;
	subject: string;
	/** Unix seconds; undefined is at once. */
	stampToSend: number | undefined;
	delivery: Delivery;
	combineItems: boolean;
	recipientsPerRequest: number;
}

/** The part of a campaign that is not sent yet: places in its `numbers`, and whether its groups are due. */
export interface Due {
	item: number;
	campaign: Campaign;
	places: number[];
	groups: boolean;
}

/** One request: whose numbers and groups it carries. */
export interface Batch {
	/** Item by item, the places of its numbers that this request carries; none for an item that is in it by its groups. */
	items: Map<number, number[]>;
	numbers: string[];
	groups: string[];
	campaign: Campaign;
}

/** MessageTypeID. Source: Club Texting, REST API documentation, "Sending SMS Messages". */
const MESSAGE_TYPES: Record<Delivery, string> = { express: '1', standard: '2' };

/** The request of a batch. What is empty is left out: an empty `Groups[]` would text everybody who is in no group. */
export function sendRequest({ numbers, groups, campaign }: Batch): WireRequest {
	const { subject, message, stampToSend, delivery } = campaign;
	return {
		method: 'POST',
		path: '/sending/messages',
		form: {
			...(numbers.length > 0 && { PhoneNumbers: numbers }),
			...(groups.length > 0 && { Groups: groups }),
			...(subject !== '' && { Subject: subject }),
			Message: message,
			...(stampToSend !== undefined && { StampToSend: String(stampToSend) }),
			MessageTypeID: MESSAGE_TYPES[delivery],
		},
	};
}

/**
 * Distributes what is due over requests, in the order of the items.
 *
 * Items with the same message, subject, time, delivery and groups share requests of up to `recipientsPerRequest`
 * numbers, unless they are not to be combined. Among them each number goes out once, and so do their groups, with the
 * first request. The numbers of an item stay together where they fit into one request.
 */
export function planRequests(due: Due[]): Batch[] {
	const batches: Batch[] = [];
	const sets = new Map<string, SharedSet>();
	for (const { item, campaign, places, groups } of due) {
		const key = campaign.combineItems ? contentKey(campaign) : `item ${item}`;
		let set = sets.get(key);
		if (!set) sets.set(key, (set = { carriers: new Map(), first: undefined, open: undefined }));

		const open = (): Batch => {
			const batch: Batch = { items: new Map(), numbers: [], groups: [], campaign };
			batches.push(batch);
			set.first ??= batch;
			return (set.open = batch);
		};
		const fresh = places.filter((place) => !set.carriers.has(campaign.numbers[place]!));
		const room = campaign.recipientsPerRequest;
		let batch = set.open;
		if (fresh.length > 0 && (!batch || batch.numbers.length + fresh.length > room)) batch = open();
		for (const place of fresh) {
			if (batch!.numbers.length >= room) batch = open();
			set.carriers.set(campaign.numbers[place]!, batch!);
			batch!.numbers.push(campaign.numbers[place]!);
		}
		for (const place of places) join(set.carriers.get(campaign.numbers[place]!)!, item, place);
		if (groups) {
			const carrier = set.first ?? open();
			carrier.groups = campaign.groups;
			join(carrier, item);
		}
	}
	return batches;
}

/** The same request for some of its items only; undefined when nothing is left of it. */
export function narrowed(
	batch: Batch,
	keep: (item: number) => boolean,
	numbersOf: (item: number) => string[],
): Batch | undefined {
	const items = new Map([...batch.items].filter(([item]) => keep(item)));
	if (items.size === 0) return undefined;
	const wanted = new Set(
		[...items].flatMap(([item, places]) => places.map((place) => numbersOf(item)[place]!)),
	);
	return { ...batch, items, numbers: batch.numbers.filter((number) => wanted.has(number)) };
}

interface SharedSet {
	/** Which request carries a number. */
	carriers: Map<string, Batch>;
	first: Batch | undefined;
	open: Batch | undefined;
}

function join(batch: Batch, item: number, place?: number): void {
	const places = batch.items.get(item) ?? [];
	if (place !== undefined) places.push(place);
	batch.items.set(item, places);
}

function contentKey({
	message,
	subject,
	stampToSend,
	delivery,
	groups,
	recipientsPerRequest,
}: Campaign): string {
	return JSON.stringify([message, subject, stampToSend, delivery, groups, recipientsPerRequest]);
}
