import fc from 'fast-check';
import type { INodeParameters } from 'n8n-workflow';
import { nodeTypes } from '../scenes';
import { ezTextingContact, type Simulator } from '../simulator';
import { holds, saidIn, settings, type Outcome, type Setting } from './property';

const POOL = ['2125550101', '2125550102', '2125550103', '2125550104', '2125550105'];
const ELSEWHERE = '2125550109';
const GROUP = 'honey lovers';
const TEXTS = ['Honey is ready', 'Acorns are ready'];

interface Campaign extends Setting {
	items: Array<{
		numbers: string[];
		/** Of two texts. */
		text: number;
		/** None, one of this campaign's, or one that was used before it. */
		key: '' | 'one' | 'two' | 'three' | 'used';
	}>;
	isVolatile: boolean;
	isKeyed: boolean;
	combineItems: boolean;
	recipientsPerRequest: number;
	withGroup: boolean;
	refused: string[];
	refusalNames: 'all' | 'first' | 'none';
	localOptOuts: string[];
	globalOptOuts: string[];
}

interface Delivered {
	number: string;
	message: string;
	messageId: string;
}

/** A provider that sends texts, and what its books say. */
interface Sender {
	pace: INodeParameters;
	prepare(campaign: Campaign, simulator: Simulator): void;
	/** Somebody corrects the numbers. */
	correct(simulator: Simulator): void;
	delivered(simulator: Simulator): Delivered[];
	groupMembers(simulator: Simulator): string[];
	/** Fields of a success that name numbers, the first of them those who got it. */
	lists: string[];
	/** Whether those who have opted out, and groups' members, stand in lists. */
	tells: boolean;
}

const senders = {
	clubTexting: {
		pace: { requestsPerSecond: 1000 },
		prepare(campaign, { clubTexting: { books } }) {
			books.refusedNumbers = new Set(campaign.refused);
			books.refusalNames = campaign.refusalNames;
			books.localOptOuts = new Set(campaign.localOptOuts);
			books.globalOptOuts = new Set(campaign.globalOptOuts);
		},
		correct: ({ clubTexting: { books } }) => books.refusedNumbers.clear(),
		delivered: ({ clubTexting: { books } }) =>
			books.delivered.map((text) => ({ ...text, messageId: String(text.messageId) })),
		groupMembers: ({ clubTexting: { books } }) => books.groups.get(GROUP)!,
		lists: ['recipients', 'localOptOuts', 'globalOptOuts', 'unlisted'],
		tells: true,
	},
	ezTexting: {
		pace: { requestsPerMinute: 100_000 },
		prepare(campaign, { ezTexting: { books } }) {
			for (const number of campaign.refused) books.invalidNumbers.add(`1${number}`);
			for (const number of [...campaign.localOptOuts, ...campaign.globalOptOuts])
				ezTextingContact(books, number, { optOut: true });
			// One who stands in the numbers as well: nobody knows whether EZ Texting texts them once.
			books.groups[0]!.members.push('12125550120');
		},
		correct: ({ ezTexting: { books } }) => books.invalidNumbers.clear(),
		delivered: ({ ezTexting: { books } }) =>
			books.delivered.map((text) => ({ ...text, number: text.number.slice(1) })),
		groupMembers: ({ ezTexting: { books } }) => books.groups[0]!.members.map((number) => number.slice(1)),
		lists: ['recipients'],
		tells: false,
	},
} satisfies Record<string, Sender>;

const some = (maxLength: number) => fc.uniqueArray(fc.constantFrom(...POOL), { maxLength });

const campaigns: fc.Arbitrary<Campaign> = fc
	.record({
		items: fc.array(
			fc.record({
				numbers: fc.array(fc.constantFrom(...POOL), { minLength: 1, maxLength: 4 }),
				text: fc.constantFrom(0, 0, 0, 1),
				key: fc.constantFrom('one' as const, 'two' as const, 'three' as const, 'used' as const),
			}),
			{ minLength: 1, maxLength: 5 },
		),
		isVolatile: fc.boolean(),
		isKeyed: fc.constantFrom(false, false, true),
		combineItems: fc.constantFrom(true, true, false),
		recipientsPerRequest: fc.integer({ min: 1, max: 4 }),
		withGroup: fc.constantFrom(false, false, false, true),
		refused: some(2),
		refusalNames: fc.constantFrom('all' as const, 'first' as const, 'none' as const),
		localOptOuts: some(1),
		globalOptOuts: some(1),
		setting: settings,
	})
	.map(({ setting, ...campaign }) => ({ ...setting, ...campaign }));

/**
 * Holds any campaign, any fault and any retry against what the provider's books say.
 *
 * @throws where one of them does not hold
 */
export async function playCampaigns(provider: keyof typeof senders): Promise<void> {
	const sender: Sender = senders[provider];
	const sums = new Map<Outcome, number>();
	await holds(
		() => nodeTypes[provider],
		campaigns,
		async (campaign, tree) => {
			const faults: string[] = [];
			const { simulator } = tree;
			const parametersFor = (suffix: string) => parametersOf(campaign, sender.pace, suffix);
			const items = campaign.items.map(({ numbers, text, key }) => ({
				to: numbers.join(', '),
				text: TEXTS[text]!,
				key,
			}));
			if (campaign.isKeyed) {
				await tree.before(parametersFor(''), [{ to: ELSEWHERE, text: 'Before', key: 'used' }]);
			}
			const before = sender.delivered(simulator).length;
			sender.prepare(campaign, simulator);
			const parameters = { saved: parametersFor(''), edited: parametersFor(' again') };
			await tree.grow(campaign, 'send', parameters, items, (result, isStale) => {
				const said = saidIn(result, items.length);
				for (const { outcome } of said) sums.set(outcome, (sums.get(outcome) ?? 0) + 1);
				const delivered = sender.delivered(simulator).slice(before);
				const groupMembers = campaign.withGroup ? sender.groupMembers(simulator) : [];
				const books = { delivered, groupMembers, requests: tree.requests };
				const wrong = judge(sender, campaign, books, said, isStale);
				faults.push(...wrong.map((fault) => `${result.mode} ${result.executionId}: ${fault}`));
				// Before the next retry.
				if (result.mode === 'retry') sender.correct(simulator);
			});
			return [...faults, ...simulator.mistakes()];
		},
	);
	process.stdout.write(`\n${JSON.stringify([...sums])}\n`);
}

function parametersOf(campaign: Campaign, pace: INodeParameters, suffix: string): INodeParameters {
	const { isVolatile, isKeyed, combineItems, recipientsPerRequest, withGroup } = campaign;
	const look = isVolatile ? ' + " " + $execution.id + $now.toMillis() + Math.random()' : '';
	return {
		resource: 'message',
		operation: 'send',
		phoneNumbers: '={{ $json.to }}',
		message: `={{ $json.text + "${suffix}"${look} }}`,
		options: {
			...pace,
			combineItems,
			recipientsPerRequest,
			...(withGroup && { groups: GROUP }),
			...(isKeyed && { idempotencyKey: '={{ $json.key }}' }),
		},
	};
}

/**
 * Nobody is texted more often than items ask for: by items that share requests once with a text, else once by each. An
 * item that says it was done was, for everybody it counts; one that says it was not has texted nobody.
 */
function judge(
	{ lists, tells }: Sender,
	campaign: Campaign,
	{ delivered, groupMembers, requests }: { delivered: Delivered[]; groupMembers: string[]; requests: number },
	said: ReturnType<typeof saidIn>,
	isStale: boolean,
): string[] {
	const faults: string[] = [];
	const { items, isKeyed, isVolatile, combineItems } = campaign;
	if (said.length !== items.length) return [`${said.length} of ${items.length} items came out`];

	const mentions = items.reduce((sum, { numbers }) => sum + numbers.length + 1, 0);
	const tries = campaign.retryOnFail ? 3 : 1;
	if (requests > 2 * mentions * tries + campaign.faults.length)
		faults.push(`${requests} requests for ${mentions} numbers`);

	const claims = items.map(({ numbers, key }, item) => {
		const { outcome, text } = said[item]!;
		// Of an item in several requests, a run that knows nothing of the one before it looks up only the first.
		const untried = isStale ? [] : numbersAfter('not tried: ', text);
		// A run that knows nothing of the one before it may find its own item's key done.
		const isDone = ['success', 'unknown', 'nothing'].includes(outcome) || (isStale && outcome === 'skipped');
		const mayHave = isDone && !(isKeyed && key === 'used');
		return new Set(
			mayHave ? [...numbers, ...groupMembers].filter((number) => !untried.includes(number)) : [],
		);
	});
	for (const number of new Set([...POOL, ...groupMembers])) {
		const texts = delivered.filter((text) => text.number === number);
		const asking = claims.filter((claimed) => claimed.has(number)).length;
		if (texts.length > asking)
			faults.push(`${number} got ${texts.length} texts, and ${asking} items account for it`);
		if (combineItems && !isVolatile && new Set(texts.map(({ message }) => message)).size < texts.length)
			faults.push(`${number} got a text twice`);
	}

	for (const [item, { outcome, text, json }] of said.entries()) {
		const { numbers, key } = items[item]!;
		const isReached = (number: string, ids?: string[]) =>
			delivered.some((sent) => sent.number === number && (ids === undefined || ids.includes(sent.messageId)));
		const isOut = (number: string) =>
			campaign.localOptOuts.includes(number) || campaign.globalOptOuts.includes(number);
		if (outcome === 'success') {
			const [recipients = [], local = [], global = [], unlisted = []] = lists.map(
				(list) => json[list] as string[],
			);
			for (const number of recipients)
				if (!isReached(number, json.messageIds as string[]) && (tells || !isOut(number)))
					faults.push(`item ${item} counts ${number}, who got nothing`);
			for (const number of [...local, ...global])
				if (!isOut(number)) faults.push(`${number} has not opted out`);
			const all = [...recipients, ...local, ...global, ...unlisted].sort().join();
			if (all !== [...new Set([...numbers, ...(tells ? groupMembers : [])])].sort().join())
				faults.push(`item ${item} has ${all}`);
		}
		if (outcome === 'unknown') {
			for (const number of numbersAfter('were accepted (', text))
				if (!isReached(number) && !isOut(number)) faults.push(`item ${item} says ${number} was accepted`);
		}
		const isClaimed =
			isStale || key === 'used' || items.some((other, place) => place !== item && other.key === key);
		if (outcome === 'skipped' && !isClaimed) faults.push(`item ${item} is skipped, and nobody used its key`);
	}
	if (isKeyed) {
		for (const key of ['one', 'two', 'three']) {
			const done = said.filter(({ outcome }, item) => outcome === 'success' && items[item]!.key === key);
			if (done.length > 1) faults.push(`${key} was used ${done.length} times`);
		}
	}
	return faults;
}

/** The numbers that an error lists behind some words, up to the end of the list. */
function numbersAfter(words: string, text: string): string[] {
	const [, list = ''] = text.split(words, 2);
	return list.split(/;|\. /)[0]!.match(/\b\d{10}\b/g) ?? [];
}
