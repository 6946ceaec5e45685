import { OperationError, type Account } from '../errors';
import { isZone } from '../values/dailyWindow';
import { pause } from '../values/time';
import { waitOf } from './contest';
import type { DeduplicationList } from './deduplicationList';

/** How many past days are taken out with the first refusal of a day. */
const DAYS_BACK = 7;
/** A card counts as refused too often when so many looks have found it. */
const LOOKS = 3;

const underWay = new Map<string, Promise<boolean>>();

/**
 * How often a card was refused in a day, over all executions of a node. Counted when a refusal comes, never beforehand:
 * charges under way together may pass the maximum.
 */
export class Refusals {
	/** By card, whether it was reached when this run first asked. */
	private readonly asked = new Map<string, Promise<boolean>>();
	private readonly timeZone: string;

	constructor(
		private readonly list: DeduplicationList,
		private readonly maximum: number,
		timeZone: string,
		private readonly signal?: AbortSignal,
	) {
		this.timeZone = isZone(timeZone) ? timeZone : 'UTC';
	}

	/** Asked once in a run: what is refused in it holds the card back anyway. @throws OperationError `notSent` */
	async isReached(card: string): Promise<boolean> {
		const asked = this.asked.get(card) ?? this.look(card);
		this.asked.set(card, asked);
		return await asked;
	}

	/** A charge of the card was refused. */
	async count(card: string): Promise<void> {
		try {
			for (const entry of this.entries(card)) {
				if ((await this.list.add([entry])).found.has(entry)) continue;
				if (entry !== this.entries(card)[0]) return;
				const days = Array.from({ length: DAYS_BACK }, (_, back) => this.entries(card, -2 - back));
				return await this.list.clear(days.flat());
			}
		} catch {
			// A refusal that n8n can't write down is not counted; what it was is said all the same.
		}
	}

	/** Why nothing more is asked of the card. */
	reached(account: Account): OperationError {
		const times = this.maximum === 1 ? 'once' : `${this.maximum} times`;
		return new OperationError(
			'notSent',
			`Not tried: the card was refused ${times} today, and “Maximum Refusals per Day” allows no more (time zone ${this.timeZone})`,
			{
				affects: 'account',
				account,
				advice:
					'Nothing was asked of the card. Correct it or ask its bank; another card begins anew. It is tried again tomorrow, or once “Maximum Refusals per Day” is raised.',
			},
		);
	}

	/** Executions of one process look together. */
	private async look(card: string): Promise<boolean> {
		const name = `${this.list.name} ${this.entries(card).at(-1)}`;
		const looking = underWay.get(name) ?? this.lookAlone(card).finally(() => underWay.delete(name));
		underWay.set(name, looking);
		return await looking;
	}

	/** To ask is to write. The last of them alone; where it is found, all of them, since another process may have asked. */
	private async lookAlone(card: string): Promise<boolean> {
		const entries = this.entries(card);
		if (!(await this.stand(entries.slice(-1)))) return false;
		for (let looks = 1; looks < LOOKS; looks++) {
			if (!(await this.stand(entries))) return false;
			await pause(waitOf(this.list) * (0.5 + Math.random()), this.signal);
		}
		return await this.stand(entries);
	}

	private async stand(entries: string[]): Promise<boolean> {
		const { found } = await this.list.add(entries);
		const added = entries.filter((entry) => !found.has(entry));
		if (added.length > 0) await this.list.remove(added);
		return added.length === 0;
	}

	private entries(card: string, days = 0): string[] {
		const time = Date.now() + days * 86_400_000;
		const day = new Intl.DateTimeFormat('en-CA', { timeZone: this.timeZone }).format(time);
		return Array.from({ length: this.maximum }, (_, place) => `refused:${day}:${card}:${place}`);
	}
}
