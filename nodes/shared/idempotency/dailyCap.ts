import { randomUUID } from 'crypto';
import { OperationError } from '../errors';
import { stalled } from './claimTrouble';
import { contest } from './contest';
import type { DeduplicationList } from './deduplicationList';

/** How far back the slots of past days are looked for, in days, and how many at most. */
const DAYS_BACK = 31;
const MOST_PAST = 1000;
const DAY = 86_400_000;

/**
 * How many acts of one operation a node may do in a day, over all executions: a day has that many slots, and each act
 * takes one before it leaves. A slot is contested like an idempotency key, so two processes never have the same one.
 */
export class DailyCap {
	/** What tells this run's slots from another's; of no use once the run has settled. */
	readonly marks: string[] = [];
	private day = '';
	/** Where a free slot is looked for first. */
	private first = 0;
	private planned = 0;

	/**
	 * @param operation resource and operation
	 * @param timeZone of the workflow: its days count
	 */
	constructor(
		private readonly list: DeduplicationList,
		private readonly operation: string,
		private readonly maximum: number,
		private readonly timeZone: string,
	) {}

	/**
	 * Takes a slot of today for one act.
	 *
	 * @returns the entries that stand for it, or undefined when all slots are taken
	 * @throws OperationError `notSent` for an unsaved workflow, or when n8n can't write
	 */
	async take(): Promise<string[] | undefined> {
		const { list, maximum } = this;
		if (!list.exists) throw notSaved();
		const day = dayIn(this.timeZone);
		if (day !== this.day) [this.day, this.first] = [day, 0];
		const { length } = this.marks;
		for (let tried = 0; tried < maximum; tried++) {
			const slot = this.first % maximum;
			this.first = slot + 1;
			const entry = this.slot(day, slot);
			const mark = `slot:${randomUUID()}`;
			this.marks.push(mark);
			const look = await list.add([entry, mark]);
			if (look.found.has(entry)) continue;
			const contested = await contest(list, new Map([[entry, mark]]), look);
			if ('lost' in contested) throw stalled('the count of the day');
			if (!contested.won.has(entry)) continue;
			if (slot === 0) await list.clear(this.pastSlots(day));
			return [entry, mark];
		}
		await list.clear(this.marks.splice(length));
		return undefined;
	}

	/** Whether an act of a dry run would still have a slot, as far as this run alone can tell. */
	plan(): boolean {
		return ++this.planned <= this.maximum;
	}

	/** Why an act beyond the cap is not done. */
	reached(): OperationError {
		const times = this.maximum === 1 ? 'once' : `${this.maximum} times`;
		return new OperationError(
			'notSent',
			`Not done: “Maximum per Day” allows this node to do it ${times} a day, and today’s count is reached (time zone ${this.timeZone})`,
			{
				affects: 'run',
				advice: 'Nothing was spent for it. Run it again tomorrow, or raise “Maximum per Day” of this node.',
			},
		);
	}

	private slot(day: string, slot: number): string {
		return `cap:${day}:${this.operation}:${slot}`;
	}

	/** Those of the days before, which count no more. */
	private pastSlots(today: string): string[] {
		const days = Math.min(DAYS_BACK, Math.max(1, Math.floor(MOST_PAST / this.maximum)));
		return Array.from({ length: days }, (_, back) => {
			const day = new Date(Date.parse(today) - (back + 1) * DAY).toISOString().slice(0, 10);
			return Array.from({ length: this.maximum }, (_slot, slot) => this.slot(day, slot));
		}).flat();
	}
}

/** Today's date in a time zone, such as 2026-12-24. */
function dayIn(timeZone: string): string {
	return new Intl.DateTimeFormat('en-CA', { timeZone }).format(Date.now());
}

function notSaved(): OperationError {
	return new OperationError('notSent', '“Maximum per Day” can only be counted for a saved workflow', {
		advice: 'Save the workflow and run it again.',
	});
}
