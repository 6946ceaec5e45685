import type { OperationError } from '../errors';
import type { LiveItem, SharedRun } from '../operation/acts';
import { deliver, type Channel, type Outcomes } from './deliver';
import { noteOf, numbersSent, readNote, SentRequests } from './output';
import { narrowed, RequestPlan, type Batch, type Campaign, type Due } from './plan';
import { openKey } from '../idempotency/claimTrouble';
import { errorFor, partlySent, batchesWithoutTheBad, type Reached } from './refusal';
import { showPlan } from './showPlan';
import { replanned, Timetable } from './timetable';
import type { SmsWire } from './wire';

interface Recipient extends LiveItem<Campaign> {
	/** Requests that carry it and have not been answered yet. */
	pending: number;
	raw: () => unknown;
	settled: boolean;
}

/**
 * Sends the messages of one run: plans requests for what no earlier try has sent, sends them one after another, and gives
 * each item what became of its own numbers.
 */
export async function sendBatches(
	wire: SmsWire,
	live: Array<LiveItem<Campaign>>,
	done: number[],
	run: SharedRun,
): Promise<void> {
	await new Sending(run, wire).all(live, done);
}

class Sending implements Channel {
	private readonly recipients = new Map<number, Recipient>();
	/** Items with the idempotency key of an earlier item of this run, with that item. */
	private readonly followers = new Map<number, number>();
	readonly requests: SentRequests;
	private readonly timetable = new Timetable();
	private last: Promise<unknown> = Promise.resolve();
	private hasStopped = false;
	readonly isTimely = (leaving: Batch): boolean =>
		this.timetable.keeps(leaving, (item) => this.of(item).parameters);

	constructor(
		readonly run: SharedRun,
		readonly wire: SmsWire,
	) {
		this.requests = new SentRequests(run.journal, wire);
	}

	async all(live: Array<LiveItem<Campaign>>, done: number[]): Promise<void> {
		const { breathe } = this.run;
		const carriedEarlier = await this.requests.addEarlier(breathe);
		for (const item of done) {
			await breathe();
			this.run.succeed(item, await this.requests.itemOf(item, breathe), () => null);
		}
		const leaders = new Map<string, number>();
		for (const entry of live) {
			await breathe();
			this.admit(entry, leaders);
		}
		const plan = new RequestPlan(carriedEarlier);
		for (const recipient of this.recipients.values()) {
			await breathe();
			for (const due of await this.due(recipient)) plan.add(due);
		}
		const { batches } = plan;
		if (this.run.dryRun) {
			const wantedBy = (item: number) => this.of(item).parameters.numbers;
			return await showPlan(this.run, this.wire, batches, wantedBy);
		}
		for (const batch of batches) {
			await breathe();
			for (const item of batch.members.keys()) this.of(item).pending++;
		}

		// The requests of one item go one after another: what comes after an unclear one is not tried.
		const itemsOf = (batch: Batch) => [...batch.members.keys()];
		await this.run.inLanes(batches, itemsOf, async (batch) => await this.inTurn(batch));
		for (const [follower, leader] of this.followers) this.follow(this.of(follower), this.of(leader));
	}

	/** @param leaders by idempotency key, the first item with it */
	private admit(entry: LiveItem<Campaign>, leaders: Map<string, number>): void {
		const { item, key } = entry;
		this.recipients.set(item, { ...entry, pending: 0, raw: () => null, settled: false });
		const leader = leaders.get(key!);
		if (leader !== undefined) this.followers.set(item, leader);
		else if (key !== undefined) leaders.set(key, item);
	}

	private of(item: number): Recipient {
		return this.recipients.get(item)!;
	}

	/** What is still to be sent of an item; settles it where nothing is. */
	private async due(recipient: Recipient): Promise<Due[]> {
		const { item, parameters: campaign } = recipient;
		if (this.followers.has(item) && !this.run.dryRun) return [];
		const notes = this.run.journal.parts(item).map(({ note }) => readNote(note));
		const carried = new Set(notes.flatMap(({ numbers }) => numbers));
		const numbers = campaign.numbers.filter((number) => !carried.has(number));
		const groups = campaign.groups.length > 0 && !notes.some((note) => note.groups);
		if (numbers.length === 0 && !groups) {
			await this.settle(recipient);
			return [];
		}
		if (!(await this.isResolved(recipient))) return [];
		return this.timed({ item, campaign: recipient.parameters, numbers, groups });
	}

	/** Finds out what only asking can tell of an item. Fails the item where it can't be told. */
	private async isResolved(recipient: Recipient): Promise<boolean> {
		try {
			const { item, parameters } = recipient;
			const { resolve } = this.wire;
			recipient.parameters = await this.run.ask(item, async (asking) => await resolve(parameters, asking));
			return true;
		} catch (error) {
			this.fail(recipient, error as OperationError);
			return false;
		}
	}

	/** What is due of an item, by the time at which it may go out. Fails the item where it may not. */
	private timed(due: Due, times: (due: Due) => Due[] = (its) => this.timetable.of(its)): Due[] {
		try {
			return times(due);
		} catch (error) {
			this.fail(this.of(due.item), error as OperationError);
			return [];
		}
	}

	/** Where the node stops, batches get ready side by side and leave one after another. */
	private async inTurn(batch: Batch): Promise<void> {
		if (!this.run.stops) return await this.send(batch);
		const before = this.last;
		const mayLeave = async () => {
			await before;
			return !this.hasStopped;
		};
		const mine = this.send(batch, mayLeave);
		this.last = mine.catch(() => undefined);
		await mine;
	}

	private async send(planned: Batch, mayLeave?: () => Promise<boolean>): Promise<void> {
		const batch = narrowed(planned, (item) => !this.of(item).settled);
		for (const item of planned.members.keys()) if (!batch?.members.has(item)) this.of(item).pending--;
		if (!batch) return;

		// It has waited for those before it, and waits for its turn again once it is on its way.
		const campaignOf = (item: number) => this.of(item).parameters;
		const batches = replanned(batch, campaignOf, (due) =>
			this.timed(due, (its) => this.timetable.ofPlanned(its)),
		);
		if (batches[0] !== batch) {
			for (const item of batch.members.keys()) this.of(item).pending--;
			for (const each of batches) for (const item of each.members.keys()) this.of(item).pending++;
			for (const each of batches) await this.send(each, mayLeave);
			return;
		}
		const outcomes = await deliver(this, batch, (item) => this.of(item), mayLeave);
		await this.settleAll(batch, outcomes);
		const late = narrowed(batch, (item) => !outcomes.has(item));
		if (late) await this.send(late, mayLeave);
	}

	/** Gives the members of a request what became of it; without the bad ones, a refused request is tried again. */
	private async settleAll(batch: Batch, outcomes: Outcomes): Promise<void> {
		const refused: number[] = [];
		let refusal: OperationError | undefined;
		for (const [item, outcome] of outcomes) {
			const recipient = this.of(item);
			if (outcome.kind === 'done') {
				recipient.raw = outcome.raw;
				if (--recipient.pending === 0) await this.settle(recipient);
			} else if (outcome.kind === 'skipped') {
				recipient.settled = true;
				this.run.skip(item, outcome.usedKey);
			} else if (outcome.error.outcome === 'refused') {
				refused.push(item);
				refusal = outcome.error;
			} else this.fail(recipient, outcome.error);
		}
		if (!refusal) return;
		const members = narrowed(batch, (item) => refused.includes(item))!;
		const others = this.wire.isAboutNumbers(refusal) ? batchesWithoutTheBad(members, refusal) : [];
		const bad = refused.filter((item) => !others.some((each) => each.members.has(item)));
		// Nothing more leaves when the node stops; the item to blame is the one whose number is named.
		const failing = this.run.stops ? [bad[0] ?? refused[0]!] : bad;
		for (const item of failing) {
			this.fail(this.of(item), errorFor(refusal, members.members.get(item)!, this.run.stops));
		}
		for (const each of others) await this.send(each);
	}

	/** An item with an earlier item's key shares its fate, but is never sent itself. */
	private follow(follower: Recipient, leader: Recipient): void {
		const { run } = this;
		const recalled = run.journal.recall(leader.item);
		if (recalled?.kind === 'complete' || recalled?.kind === 'skipped')
			return run.skip(follower.item, follower.key!);
		if (recalled?.kind === 'failed' && recalled.error.outcome === 'unknown')
			return run.fail(follower.item, run.explained(openKey(follower.key!)));
		const why = `item ${leader.item} has the same idempotency key (“Act Once Per”) and did not go out either`;
		run.fail(follower.item, run.notSent(why));
	}

	/** Every request of the item has been answered, now or in an earlier try; or one of them never was. */
	private async settle(recipient: Recipient): Promise<void> {
		const { item } = recipient;
		const { breathe, dryRun, journal } = this.run;
		await breathe();
		const parts = journal.parts(item);
		await breathe();
		const isOpen = parts.some(({ request }) => journal.request(request).value === undefined);
		if (isOpen) return this.fail(recipient, this.run.leftOpen());
		recipient.settled = true;
		// Where its numbers went out in another order than they were asked for.
		const sent = numbersSent(parts);
		const among = new Set(sent);
		const order = recipient.parameters.numbers.filter((number) => among.has(number));
		const isOrdered = order.length !== sent.length || order.every((number, place) => number === sent[place]);
		if (!dryRun) journal.complete(item, isOrdered ? undefined : noteOf(order, false));
		this.run.succeed(item, await this.requests.itemOf(item, breathe, parts, order), recipient.raw);
	}

	/** Fails the item, saying which of its numbers went out if some did. Throws when the node stops on failures. */
	private fail(recipient: Recipient, reason: OperationError): void {
		const { item, parameters } = recipient;
		recipient.settled = true;
		this.hasStopped = this.run.stops;
		const reached: Reached = { accepted: [], ids: [], unknown: [], untried: [] };
		for (const { request, note } of this.run.journal.parts(item)) {
			const receipt = this.requests.receiptOf(request);
			const { numbers, groups } = readNote(note);
			(receipt ? reached.accepted : reached.unknown).push(...numbers);
			if (groups) reached.groups = receipt ? 'accepted' : 'unknown';
			if (receipt && !reached.ids.includes(receipt.id)) reached.ids.push(receipt.id);
		}
		const tried = new Set([...reached.accepted, ...reached.unknown]);
		reached.untried = parameters.numbers.filter((number) => !tried.has(number));
		const error = this.run.explained(partlySent(reason, reached));
		if (reason.outcome !== 'notSent') this.run.journal.fail(item, error);
		this.run.fail(item, error);
	}
}
