import type { IDataObject } from 'n8n-workflow';
import { madeOnce } from '../values/maps';
import type { SendingWindow } from './sendingWindow';

/** What one item asks to be sent, checked and cleaned. */
export interface Campaign {
	/** Ten digits each, each once. */
	numbers: string[];
	/** Contact groups, as a request names them. */
	groups: string[];
	message: string;
	/** What else is asked of the provider, by keys of its own; kept with what was sent. Small. */
	extras: IDataObject;
	/** When it is to go out, in Unix seconds; undefined is at once. */
	wanted: number | undefined;
	/** Moved into the sending window, where there is one. */
	stampToSend: number | undefined;
	window: SendingWindow | undefined;
	combineItems: boolean;
	recipientsPerRequest: number;
}

/** What of a campaign has not been sent yet and goes out at one time. */
export interface Due {
	item: number;
	campaign: Campaign;
	numbers: string[];
	groups: boolean;
}

/** One request: whose numbers and groups it carries. */
export interface Batch {
	/** By item, those of its numbers that this request carries; none for an item that is in it by its groups. */
	members: Map<number, string[]>;
	/** Each once, in the order of the members. */
	numbers: string[];
	groups: string[];
	campaign: Campaign;
	/** Which request has carried a number, in this run or before it; shared by all batches among which each number goes out once. */
	carried: Map<string, number>;
}

/**
 * Distributes what is due over requests, in the order of the items.
 *
 * Items with the same message, time, groups and extras share requests of up to `recipientsPerRequest`
 * numbers, unless they are not to be combined. Among them each number goes out once, and so do their groups, with the
 * first request. The numbers of an item stay together where they fit into one request.
 */
export class RequestPlan {
	readonly batches: Batch[] = [];
	private readonly sets = new Map<string, SharedSet>();

	/** @param carriedEarlier which request of an earlier try has carried a number of a campaign */
	constructor(private readonly carriedEarlier: (campaign: Campaign) => Map<string, number>) {}

	add({ item, campaign, numbers, groups }: Due): void {
		const set = this.setOf(item, campaign);
		const open = (): Batch => {
			const batch: Batch = { members: new Map(), numbers: [], groups: [], campaign, carried: set.carried };
			this.batches.push(batch);
			set.first ??= batch;
			return (set.open = batch);
		};
		const fresh = numbers.filter((number) => !set.carriers.has(number));
		const room = campaign.recipientsPerRequest;
		let batch = set.open;
		if (fresh.length > 0 && (!batch || batch.numbers.length + fresh.length > room)) batch = open();
		for (const number of fresh) {
			if (batch!.numbers.length >= room) batch = open();
			set.carriers.set(number, batch!);
			batch!.numbers.push(number);
		}
		for (const number of numbers) join(set.carriers.get(number)!, item, number);
		if (groups) {
			const carrier = set.first ?? open();
			carrier.groups = campaign.groups;
			join(carrier, item);
		}
	}

	/** What an item shares its requests with. */
	private setOf(item: number, campaign: Campaign): SharedSet {
		const { message, extras, stampToSend, groups, recipientsPerRequest } = campaign;
		const key = campaign.combineItems
			? JSON.stringify([message, extras, stampToSend, groups, recipientsPerRequest], inAnyOrder)
			: `item ${item} ${stampToSend}`;
		return madeOnce(this.sets, key, () => ({
			carriers: new Map(),
			carried: this.carriedEarlier(campaign),
			first: undefined,
			open: undefined,
		}));
	}
}

/** The same groups are the same in another order. */
function inAnyOrder(_key: string, value: unknown): unknown {
	const isNames = Array.isArray(value) && value.every((name) => typeof name === 'string');
	return isNames ? [...value].sort() : value;
}

/** The same request for some of its items only; undefined when nothing is left of it. */
export function narrowed(batch: Batch, keep: (item: number) => boolean): Batch | undefined {
	const members = new Map([...batch.members].filter(([item]) => keep(item)));
	if (members.size === batch.members.size) return batch;
	if (members.size === 0) return undefined;
	return { ...batch, members, numbers: [...new Set([...members.values()].flat())] };
}

interface SharedSet {
	/** Which request carries a number. */
	carriers: Map<string, Batch>;
	carried: Map<string, number>;
	first: Batch | undefined;
	open: Batch | undefined;
}

function join(batch: Batch, item: number, number?: string): void {
	const numbers = madeOnce(batch.members, item, () => []);
	if (number !== undefined) numbers.push(number);
}
