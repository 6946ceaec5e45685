import type { IDataObject } from 'n8n-workflow';
import { OperationFailure } from '../../../shared/outcome';
import type { Checked, Results } from '../../../shared/operation';
import { Skipped, type Session } from '../../../shared/session';
import { narrowed, planRequests, sendRequest, type Batch, type Campaign } from './plan';
import { receiptIn, type Receipt } from './receipt';

/**
 * What the journal keeps of an item: for each stretch of its numbers, the key of the request that carried them. A
 * stretch from -1 stands for its groups. Or that its idempotency key had been used.
 */
type Kept = Array<[request: string, from: number, to: number]> | 'skipped';

interface Recipient extends Checked<Campaign> {
	/** The item's key in the journal. */
	readonly key: string;
	sent: Exclude<Kept, 'skipped'>;
	/** Requests that carry it and have not been answered yet. */
	pending: number;
	failure: OperationFailure | undefined;
	settled: boolean;
}

/**
 * Sends the messages of one run: leaves out what earlier tries have sent, plans requests for the rest, sends them one
 * after another, and gives each item what became of its own numbers.
 */
export class Dispatch {
	private readonly recipients = new Map<number, Recipient>();
	/** Items with the idempotency key of an earlier item of this run. */
	private readonly followers: Array<{ follower: Recipient; leader: Recipient }> = [];
	/** How many items a request had, as asked for by its key in the journal. */
	private readonly itemsOf = new Map<string, number>();

	constructor(
		checked: Array<Checked<Campaign>>,
		private readonly session: Session,
		private readonly results: Results,
	) {
		const leaders = new Map<string, Recipient>();
		for (const { item, parameters, keys } of checked) {
			const { numbers, message, subject, stampToSend, delivery, groups } = parameters;
			const content = [numbers, message, subject, stampToSend, delivery, groups];
			let key: string | undefined;
			const recipient: Recipient = {
				item,
				parameters,
				keys,
				// A dry run that comes first never needs it.
				get key() {
					return (key ??= session.journal.key(item, 'send', content));
				},
				sent: [],
				pending: 0,
				failure: undefined,
				settled: false,
			};
			this.recipients.set(item, recipient);
			const leader = keys[0] === undefined ? undefined : leaders.get(keys[0]);
			if (leader) this.followers.push({ follower: recipient, leader });
			else if (keys[0] !== undefined) leaders.set(keys[0], recipient);
		}
	}

	async run(): Promise<void> {
		this.recallEarlierTries();
		const batches = planRequests(this.due());
		if (this.session.dryRun) return this.showPlan(batches);
		for (const batch of batches) for (const item of batch.items.keys()) this.recipients.get(item)!.pending++;

		for (const batch of batches) await this.send(batch);
		for (const { follower, leader } of this.followers) this.follow(follower, leader);
	}

	/**
	 * Settles what an earlier try of this execution has answered or left open; of an item that it left open nothing more
	 * is sent. Throws when the node stops on what it left open.
	 */
	private recallEarlierTries(): void {
		if (this.session.journal.isNew) return;
		const recipients = [...this.recipients.values()];
		const keptOf = new Map(recipients.map(({ key }) => [key, this.session.journal.find(key)]));
		for (const recipient of recipients) {
			const kept = keptOf.get(recipient.key);
			if (kept && kept !== 'left' && kept.answered !== 'skipped')
				recipient.sent = kept.answered as Recipient['sent'];
		}
		for (const recipient of recipients) {
			const refusal = this.session.journal.refusal(recipient.key);
			const kept = keptOf.get(recipient.key);
			if (refusal) {
				recipient.failure = this.session.failures.explained(refusal);
				this.settle(recipient);
			} else if (kept && kept !== 'left' && kept.answered === 'skipped') this.skip(recipient);
			else if (recipient.sent.length > 0 && (this.isAllSent(recipient) || this.isLeftOpen(recipient)))
				this.settle(recipient);
		}
	}

	private isAllSent(recipient: Recipient): boolean {
		return this.duePlaces(recipient).length === 0 && !this.groupsAreDue(recipient);
	}

	private isLeftOpen(recipient: Recipient): boolean {
		return [...this.receiptsOf(recipient).values()].some((receipt) => receipt === undefined);
	}

	/** What is still to be sent. Nothing leaves when a time has passed and the node stops on invalid items. */
	private due() {
		const following = new Set(this.followers.map(({ follower }) => follower));
		const open = [...this.recipients.values()].filter(
			(recipient) => !recipient.settled && (!following.has(recipient) || this.session.dryRun),
		);
		for (const recipient of open) {
			const { stampToSend } = recipient.parameters;
			if (stampToSend !== undefined && stampToSend * 1000 <= Date.now()) {
				recipient.failure = new OperationFailure(
					'invalid',
					`“Scheduled For” is in the past: ${new Date(stampToSend * 1000).toISOString()}`,
					{ operation: 'message.send', advice: 'Give a time to come, or leave it empty to send at once.' },
				);
				this.settle(recipient);
			}
		}
		return open
			.filter(({ settled }) => !settled)
			.map((recipient) => ({
				item: recipient.item,
				campaign: recipient.parameters,
				places: this.duePlaces(recipient),
				groups: this.groupsAreDue(recipient),
			}));
	}

	private duePlaces({ parameters, sent }: Recipient): number[] {
		const places = parameters.numbers.map((_, place) => place);
		return sent.length === 0
			? places
			: places.filter((place) => !sent.some(([, from, to]) => from <= place && place <= to));
	}

	private groupsAreDue({ parameters, sent }: Recipient): boolean {
		return parameters.groups.length > 0 && !sent.some(([, from]) => from === -1);
	}

	private async send(planned: Batch): Promise<void> {
		const batch = narrowed(
			planned,
			(item) => !this.recipients.get(item)!.settled && !this.recipients.get(item)!.failure,
			(item) => this.recipients.get(item)!.parameters.numbers,
		);
		for (const item of planned.items.keys()) {
			if (!batch?.items.has(item)) this.recipients.get(item)!.pending--;
		}
		if (!batch) return;

		const members = [...batch.items.keys()].map((item) => this.recipients.get(item)!);
		const request = sendRequest(batch);
		const key = this.session.journal.key(members[0]!.item, 's', request);
		// A further request of an item does not meet the key that its first one has written down.
		const keys = members.flatMap((member) => (member.sent.length === 0 ? member.keys : []));
		this.itemsOf.set(key, members.length);
		this.session.raw = null;
		try {
			await this.session.act(
				key,
				{
					request,
					normalise: (data) => receiptIn(data, batch.numbers),
					leaving: () => members.forEach((member) => this.keep(member, key, batch)),
					returned: () => members.forEach((member) => this.unkeep(member, key)),
				},
				keys,
			);
			for (const member of members) this.answered(member);
		} catch (signal) {
			if (signal instanceof Skipped) return await this.sendWithout(signal.usedKeys, batch, members);
			const failure = this.session.failures.of(signal);
			// Each of its items keeps the refusal itself, unless an earlier request of it went out.
			if (failure.outcome === 'refused' && members.every(({ sent }) => sent.length === 0)) {
				this.session.journal.forget(key);
			}
			const parts = this.partsWithoutTheBad(failure, batch);
			const bad = parts.flatMap((part) => ('refused' in part ? [part.refused] : []));
			// Nothing more leaves when the node stops; the item to blame is the one whose number is named.
			if (this.results.stops) return this.failed(bad[0] ?? members[0]!, failure);
			if (parts.length === 0) for (const member of members) this.failed(member, failure);
			for (const part of parts) {
				if ('refused' in part) this.failed(part.refused, failure);
				else await this.send(part);
			}
		}
	}

	/** Sends the rest of a request some of whose items turned out to have been sent for an earlier key. */
	private async sendWithout(usedKeys: string[], batch: Batch, members: Recipient[]): Promise<void> {
		for (const member of members) {
			if (!member.keys.some((key) => usedKeys.includes(key)) || member.sent.length > 0) continue;
			this.session.journal.answered(member.key, 'skipped' satisfies Kept);
			this.skip(member);
		}
		await this.send(batch);
	}

	/**
	 * When a shared request is refused because of a number, nothing of it was sent: the items whose numbers the provider
	 * names fail, the others go on. Where it names none, the request is halved until the number is found.
	 */
	private partsWithoutTheBad(failure: OperationFailure, batch: Batch): Array<Batch | { refused: Recipient }> {
		const isAboutNumbers = failure.outcome === 'refused' && /\bPhoneNumbers?\b/i.test(failure.message);
		if (!isAboutNumbers || batch.items.size < 2) return [];
		const numbersOf = (item: number) => this.recipients.get(item)!.parameters.numbers;
		const isBad = (item: number) =>
			batch.items.get(item)!.some((place) => failure.message.includes(numbersOf(item)[place]!));
		const bad = [...batch.items.keys()].filter(isBad);
		if (bad.length > 0) {
			const rest = narrowed(batch, (item) => !isBad(item), numbersOf);
			return [...bad.map((item) => ({ refused: this.recipients.get(item)! })), ...(rest ? [rest] : [])];
		}
		// Groups must go out once: a request with groups is not torn in two.
		if (batch.groups.length > 0) return [];
		const half = new Set([...batch.items.keys()].slice(0, Math.ceil(batch.items.size / 2)));
		return [
			narrowed(batch, (item) => half.has(item), numbersOf)!,
			narrowed(batch, (item) => !half.has(item), numbersOf)!,
		];
	}

	/** Writes down, as the request leaves, which numbers of the item it carries. */
	private keep(member: Recipient, key: string, batch: Batch): void {
		const places = batch.items.get(member.item)!;
		const kept: Exclude<Kept, 'skipped'> = batch.groups.length > 0 ? [[key, -1, -1]] : [];
		for (const place of places) {
			const last = kept[kept.length - 1];
			if (last && last[1] >= 0 && last[2] === place - 1) last[2] = place;
			else kept.push([key, place, place]);
		}
		member.sent = [...member.sent, ...kept];
		this.session.journal.answered(member.key, member.sent);
	}

	private unkeep(member: Recipient, key: string): void {
		member.sent = member.sent.filter(([request]) => request !== key);
		if (member.sent.length > 0) this.session.journal.answered(member.key, member.sent);
		else this.session.journal.forget(member.key);
	}

	private answered(member: Recipient): void {
		if (--member.pending === 0) this.settle(member);
	}

	private failed(member: Recipient, failure: OperationFailure): void {
		member.failure = failure;
		if (failure.outcome === 'refused' && member.sent.length === 0)
			this.session.journal.refused(member.key, failure);
		this.settle(member);
	}

	private skip(member: Recipient): void {
		member.settled = true;
		this.results.skip(member.item, member.keys[0]!);
	}

	/** An item with an earlier item's key shares its fate, but is never sent itself. */
	private follow(follower: Recipient, leader: Recipient): void {
		if (follower.settled) return;
		const { failure } = leader;
		if (failure === undefined || failure.outcome === 'unknown') return this.skip(follower);
		follower.failure = this.session.failures.notSent(
			`item ${leader.item} has the same idempotency key and did not go out either`,
		);
		this.settle(follower);
	}

	/** Gives the item its result. Throws when it failed and the node stops on failures. */
	private settle(recipient: Recipient): void {
		if (recipient.settled) return;
		recipient.settled = true;
		const receipts = this.receiptsOf(recipient);
		const failure = recipient.failure ?? (this.isLeftOpen(recipient) ? this.session.leftOpen() : undefined);
		if (!failure)
			return this.results.succeed(recipient.item, this.itemOf(recipient, receipts as Map<string, Receipt>));
		const sent = this.numbersOf(recipient, (request) => receipts.get(request) !== undefined);
		this.results.fail(
			recipient.item,
			sent.length === 0 ? failure : this.partlySent(recipient, sent, receipts, failure),
		);
	}

	private partlySent(
		{ parameters, item }: Recipient,
		sent: string[],
		receipts: Map<string, Receipt | undefined>,
		failure: OperationFailure,
	): OperationFailure {
		const ids = [...receipts.values()].flatMap((receipt) => receipt?.id ?? []);
		return new OperationFailure(
			'unknown',
			`Only a part of item ${item} is certain: ${sent.length} of ${parameters.numbers.length} numbers were accepted (message ID ${ids.join(', ')}). Then: ${failure.message}`,
			{
				...failure.facts,
				advice: `Look up the message at Club Texting, and send the item again only to the numbers it did not reach.`,
			},
		);
	}

	/** By request, the receipt; undefined where no answer is known. */
	private receiptsOf({ sent }: Recipient): Map<string, Receipt | undefined> {
		const receipts = new Map<string, Receipt | undefined>();
		for (const [request] of sent) {
			const known = this.session.journal.find(request);
			receipts.set(request, known && known !== 'left' ? (known.answered as Receipt) : undefined);
		}
		return receipts;
	}

	private numbersOf({ parameters, sent }: Recipient, by: (request: string) => boolean): string[] {
		return sent.flatMap(([request, from, to]) =>
			from >= 0 && by(request) ? parameters.numbers.slice(from, to + 1) : [],
		);
	}

	private itemOf(recipient: Recipient, receipts: Map<string, Receipt>): IDataObject {
		const { numbers, subject, message, delivery, stampToSend } = recipient.parameters;
		const all = [...receipts.values()];
		const listed = (name: 'l' | 'g' | 'm') => {
			const named = new Set(all.flatMap((receipt) => receipt[name] ?? []));
			return numbers.filter((number) => named.has(number));
		};
		const [local, global, missing] = [listed('l'), listed('g'), listed('m')];
		const without = new Set([...local, ...global, ...missing]);
		return {
			messageId: all[0]!.id,
			recipients: numbers.filter((number) => !without.has(number)),
			localOptOuts: local,
			globalOptOuts: global,
			subject: subject === '' ? null : subject,
			message,
			delivery,
			scheduledFor: stampToSend === undefined ? null : new Date(stampToSend * 1000).toISOString(),
			sendTime: all[0]!.t ?? null,
			credits: sumOf(all.map(({ c }) => c)),
			recipientsCount: sumOf(all.map(({ n }) => n)),
			itemsInRequest: Math.max(...[...receipts.keys()].map((request) => this.itemsIn(request))),
			messageIds: all.map(({ id }) => id),
		};
	}

	/** How many items shared a request, this run's or one of an earlier try. */
	private itemsIn(request: string): number {
		const known = this.itemsOf.get(request);
		if (known !== undefined) return known;
		const count = [...this.recipients.values()].filter(({ sent }) =>
			sent.some(([key]) => key === request),
		).length;
		this.itemsOf.set(request, count);
		return count;
	}

	private showPlan(batches: Batch[]): void {
		const byItem = new Map<number, Batch[]>();
		for (const batch of batches) {
			for (const item of batch.items.keys()) byItem.set(item, [...(byItem.get(item) ?? []), batch]);
		}
		const shown = new Map(batches.map((batch) => [batch, this.session.shown(sendRequest(batch))]));
		for (const [item, [first, ...further]] of byItem) {
			this.results.plan(item, {
				request: shown.get(first!)!,
				cost: null,
				itemsInRequest: first!.items.size,
				...(further.length > 0 && { furtherRequests: further.map((batch) => shown.get(batch)!) }),
			});
		}
	}
}

function sumOf(values: Array<number | undefined>): number | null {
	const known = values.filter((value) => value !== undefined);
	return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
