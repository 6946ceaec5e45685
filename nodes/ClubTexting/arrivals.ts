import { randomUUID } from 'crypto';
import { fingerprint } from '../shared/idempotency/fingerprint';
import type { Incoming, Kind } from './incoming';

/** How long the second callback of one text message is waited for, in ms. */
const TOGETHER = 60_000;

/** A callback that started a run. */
interface Arrival {
	/** Begins with the process that started the run. */
	id: string;
	/** Hash of sender and text. */
	text: string;
	kind: Kind;
	/** In ms. */
	at: number;
	/** Whether the other callback of the same text message may still come. */
	isOpen: boolean;
}

/**
 * Tells the second callback of one text message from a further one. Club Texting may call both URLs for a text message;
 * a person who sends the same text twice makes two callbacks of the same kind, and is heard twice.
 *
 * Each process has one of these for a node. It also learns from what the others left in n8n's database, which may be
 * old: n8n reads it when a call comes in and overwrites it as a whole, without a lock.
 */
export class Arrivals {
	private readonly process = randomUUID().slice(0, 8);
	private count = 0;
	private known: Arrival[] = [];

	/** Everything known, for n8n's database. */
	get all(): Arrival[] {
		return this.known.map((arrival) => ({ ...arrival }));
	}

	/**
	 * @param stored what n8n's database holds
	 * @param now in ms
	 */
	isSecondCallback({ phoneNumber, message, kind }: Incoming, stored: unknown, now: number): boolean {
		this.learn(stored, now);
		const text = fingerprint([phoneNumber, message]);
		const open = this.known.filter((arrival) => arrival.text === text && arrival.isOpen);
		const keywords = open.filter((arrival) => arrival.kind === 'keyword');
		const replies = open.filter((arrival) => arrival.kind === 'reply');
		// Both started a run, in two processes at once: they are one text message and wait for nothing more.
		while (keywords.length > 0 && replies.length > 0) {
			keywords.shift()!.isOpen = false;
			replies.shift()!.isOpen = false;
		}

		const others = kind === 'keyword' ? replies : keywords;
		const own = others.find(({ id }) => id.startsWith(this.process));
		// Two processes may both take what is stored for open. If that could drop callbacks of both kinds, it could drop
		// both of one text message. So a keyword is only dropped for a reply that this very process has heard: there are
		// never fewer runs than keyword callbacks, however old the stored arrivals are.
		const first = own ?? (kind === 'reply' ? others[0] : undefined);
		if (first) first.isOpen = false;
		else this.known.push({ id: `${this.process}-${this.count++}`, text, kind, at: now, isOpen: true });
		return first !== undefined;
	}

	private learn(stored: unknown, now: number): void {
		const byId = new Map(this.known.map((arrival) => [arrival.id, arrival]));
		for (const arrival of Array.isArray(stored) ? stored.filter(isArrival) : []) {
			const here = byId.get(arrival.id);
			if (here) here.isOpen &&= arrival.isOpen;
			else byId.set(arrival.id, { ...arrival });
		}
		this.known = [...byId.values()].filter(({ at }) => Math.abs(now - at) < TOGETHER);
	}
}

function isArrival(value: unknown): value is Arrival {
	if (typeof value !== 'object' || value === null) return false;
	const { id, text, kind, at, isOpen } = value as Partial<Record<keyof Arrival, unknown>>;
	return (
		typeof id === 'string' &&
		typeof text === 'string' &&
		(kind === 'keyword' || kind === 'reply') &&
		typeof at === 'number' &&
		typeof isOpen === 'boolean'
	);
}
