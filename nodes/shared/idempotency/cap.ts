import { notSent, type OperationError } from '../errors';
import { dateIn } from '../values/dailyWindow';
import { together } from '../values/maps';
import { askedEntry, foundIn } from './asking';
import type { DeduplicationList } from './deduplicationList';
import { Slots } from './slots';

/** How many slots of past periods are taken out at most. */
const MOST_PAST = 1000;
/** So many entries of a neighbour period are asked for at a time. */
const AT_A_TIME = 64;

const underWay = new Map<string, Promise<void>>();

const KINDS = {
	day: { label: 'Maximum per Day', count: 'today’s count', again: 'tomorrow', past: 31 },
	month: { label: 'Maximum per Month', count: 'this month’s count', again: 'next month', past: 3 },
} as const;

/** What a cap allows. */
interface ActLimit {
	kind: keyof typeof KINDS;
	/** Resource and operation. */
	operation: string;
	maximum: number;
	/** Of the workflow: its days count. */
	timeZone: string;
}

/**
 * How many acts of one operation a node may do in a day or a calendar month, over all executions: a period has that many
 * slots, and each act takes one before it leaves.
 *
 * A slot's name carries its date, and slots live two periods: a clock that goes back finds what was counted then. Each
 * period is noted with the time zone that counts in it, and the one after it, too. A period that is not noted for its zone,
 * beside one in which something was counted, has begun with a change of zone: what was counted in its neighbours counts
 * in it as well, once.
 */
export class Cap {
	private period = '';
	private slots: Slots | undefined;
	private readonly served: Slots[] = [];
	private opening: Promise<void> | undefined;
	private planned = 0;

	constructor(
		private readonly list: DeduplicationList,
		private readonly limit: ActLimit,
		private readonly signal?: AbortSignal,
	) {}

	/** What tells this run's slots from another's; of no use once the run has settled. */
	get marks(): string[] {
		return this.served.flatMap(({ marks }) => marks);
	}

	/**
	 * Takes a slot of today for one act.
	 *
	 * @returns the entries that stand for it, a mark the last of them; undefined when all slots are taken
	 * @throws OperationError `notSent` for an unsaved workflow, or when n8n can't write
	 */
	async take(): Promise<string[] | undefined> {
		if (!this.list.exists) throw notSaved(KINDS[this.limit.kind].label);
		const period = this.periodAt(0);
		if (period !== this.period) {
			this.period = period;
			this.slots = this.slotsOf(period);
			this.served.push(this.slots);
			this.opening = this.openTogether(this.slots);
		}
		const { slots, opening } = this;
		await opening!.catch((error: unknown) => {
			if (this.opening === opening) this.period = '';
			throw error;
		});
		return await slots!.take();
	}

	/** Whether this run has found all slots of today taken. */
	get isFull(): boolean {
		return this.slots?.isFull === true && this.period === this.periodAt(0);
	}

	/** What stood for an act has been given back. */
	freed(entries: string[]): void {
		this.slots?.freed(entries);
	}

	/** Whether an act of a dry run would still have a slot, as far as this run alone can tell. */
	plan(): boolean {
		return ++this.planned <= this.limit.maximum;
	}

	/** Why an act beyond the cap is not done. */
	reached(): OperationError {
		const { kind, maximum, timeZone } = this.limit;
		const { label, count, again } = KINDS[kind];
		const times = maximum === 1 ? 'once' : `${maximum} times`;
		return notSent(
			`Not done: “${label}” allows this node to do it ${times} a ${kind}, and ${count} is reached (time zone ${timeZone})`,
			`Nothing was spent for it. Run it again ${again}, or raise “${label}” of this node.`,
			{ affects: 'run' },
		);
	}

	/** Executions of one process begin a period together. */
	private async openTogether(slots: Slots): Promise<void> {
		const name = `${this.list.name} ${this.period}:${this.limit.operation}:${this.limit.timeZone}`;
		await together(underWay, name, async () => await this.open(slots));
	}

	/** With the first act of a period, what was counted long ago is taken out; of a new zone, the neighbours are counted. */
	private async open(slots: Slots): Promise<void> {
		const { list, period } = this;
		const { operation, timeZone } = this.limit;
		const zoned = (at: number) => `zone:${this.periodAt(at)}:${operation}:${timeZone}`;
		const counted = (at: number) => `counted:${this.periodAt(at)}:${operation}`;
		const { found } = await list.add([zoned(0), zoned(1), counted(0)]);
		if (found.has(counted(0)) && found.has(zoned(0))) return;
		if (!found.has(zoned(0))) await this.countNeighbours(slots, counted);
		if (period !== this.periodAt(0) || found.has(counted(0))) return;
		await list.clear([...this.pastSlots(), zoned(-2), counted(-2)]);
	}

	private async countNeighbours(slots: Slots, counted: (at: number) => string): Promise<void> {
		// Another zone's date is a day off at most.
		const near = [-1, 1].filter(
			(at) => this.limit.kind === 'day' || dateAhead(this.limit.timeZone, at).slice(0, 7) !== this.period,
		);
		if (near.length === 0) return;
		const asked = askedEntry(`cap:${this.limit.operation}`);
		const found = await foundIn(this.list, near.map(counted), asked);
		let used = 0;
		for (const at of near.filter((each) => found.has(counted(each)))) {
			const neighbour = this.slotsOf(this.periodAt(at));
			for (let place = 0; place < this.limit.maximum; place += AT_A_TIME) {
				const length = Math.min(AT_A_TIME, this.limit.maximum - place);
				const entries = Array.from({ length }, (_, next) => neighbour.entry(place + next));
				const taken = await foundIn(this.list, entries, asked);
				used += entries.filter((entry) => taken.has(entry)).length;
			}
		}
		await slots.occupy(used);
	}

	private slotsOf(period: string): Slots {
		return new Slots(this.list, `${period}:${this.limit.operation}`, this.limit.maximum, this.signal);
	}

	/** The period so many from now, such as 2026-12-24 or 2026-12. */
	private periodAt(at: number): string {
		if (this.limit.kind === 'day') return dateAhead(this.limit.timeZone, at);
		const [year, month] = dateAhead(this.limit.timeZone, 0).split('-').map(Number) as [number, number];
		return new Date(Date.UTC(year, month - 1 + at)).toISOString().slice(0, 7);
	}

	/** Those before the last period. */
	private pastSlots(): string[] {
		const length = Math.min(
			KINDS[this.limit.kind].past,
			Math.max(1, Math.floor(MOST_PAST / this.limit.maximum)),
		);
		return Array.from({ length }, (_, back) => {
			const past = this.slotsOf(this.periodAt(-2 - back));
			return Array.from({ length: this.limit.maximum }, (_slot, place) => past.entry(place));
		}).flat();
	}
}

/** The date so many days from now in a time zone, such as 2026-12-24. */
function dateAhead(timeZone: string, days: number): string {
	const today = dateIn(timeZone, Date.now());
	return new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
}

function notSaved(label: string): OperationError {
	return notSent(
		`“${label}” can only be counted for a saved workflow`,
		'Save the workflow and run it again.',
	);
}
