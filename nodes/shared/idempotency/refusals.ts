import { notSent, type Account, type OperationError } from '../errors';
import { dateIn, isZone } from '../values/dailyWindow';
import { madeOnce, together } from '../values/maps';
import { askedEntry, foundIn } from './asking';
import type { DeduplicationList } from './deduplicationList';

/** How many past days are taken out with the first refusal of a day. */
const DAYS_BACK = 7;
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
		return await madeOnce(this.asked, card, async () => await this.look(card));
	}

	/** A charge of the card was refused. */
	async count(card: string): Promise<void> {
		const entries = this.entries(card);
		try {
			for (const entry of entries) {
				if (!(await this.takes(entry))) continue;
				if (entry !== entries[0]) return;
				const days = Array.from({ length: DAYS_BACK }, (_, back) => this.entries(card, -2 - back)).flat();
				return await this.list.clear([...days, ...days.map(askedEntry)]);
			}
		} catch {
			// A refusal that n8n can't write down is not counted; what it was is said all the same.
		}
	}

	/** Why nothing more is asked of the card. */
	reached(account: Account): OperationError {
		const times = this.maximum === 1 ? 'once' : `${this.maximum} times`;
		return notSent(
			`Not tried: the card was refused ${times} today, and “Maximum Refusals per Day” allows no more (time zone ${this.timeZone})`,
			'Nothing was asked of the card. Correct it or ask its bank; another card begins anew. It is tried again tomorrow, or once “Maximum Refusals per Day” is raised.',
			{ affects: 'account', account },
		);
	}

	/** Executions of one process look together. */
	private async look(card: string): Promise<boolean> {
		const name = `${this.list.name} ${this.entries(card).at(-1)}`;
		return await together(underWay, name, async () => await this.lookAlone(card));
	}

	/** Whether the last refusal that is allowed was counted. */
	private async lookAlone(card: string): Promise<boolean> {
		const entry = this.entries(card).at(-1)!;
		return (await foundIn(this.list, [entry], askedEntry(entry), this.signal)).has(entry);
	}

	/** Counts a refusal at a place. @returns false where another was counted there before */
	private async takes(entry: string): Promise<boolean> {
		if (!(await this.list.add([entry])).found.has(entry)) return true;
		const asked = askedEntry(entry);
		const { found } = await this.list.add([asked]);
		await this.list.remove([asked]);
		return found.has(asked);
	}

	private entries(card: string, days = 0): string[] {
		const day = dateIn(this.timeZone, Date.now() + days * 86_400_000);
		return Array.from({ length: this.maximum }, (_, place) => `refused:${day}:${card}:${place}`);
	}
}
