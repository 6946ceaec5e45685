import type { Hundred, Linear, Lines, Lists, Paced, Repeated } from './atSize';
import type { Documents } from './document';
import { ratios, spread, type Spread } from './measure';
import type { Stalls } from './patterns';
import type { Share } from './profile';
import type { Campaign, Compared, Growth, Marked, Memory, Planning, Reading, Rival } from './tasks';

/** All that one bench found. */
export interface Findings {
	campaign: Campaign;
	messages: Record<Rival, Compared>;
	/** The same with n8n's isolated expressions. */
	isolated: Record<'theirs' | 'least', Compared>;
	readings: Record<Reading, Compared>;
	planning: Planning;
	growth: Growth;
	growthOfOneText: Growth;
	memory: Array<{ ours: Memory; theirs: Memory }>;
	loading: { processes: number; files: number; required: Spread; instantiated: Spread };
	profile: { shares: Share[]; perItem: number };
	marks: Marked;
	paced: { messages: number; at: Paced[] };
	lists: Lists;
	linear: Lines;
	repeated: Repeated;
	stalls: Stalls;
	documents: Documents;
	/** By part, when, in how many turns and on what processor. */
	measured: Record<string, string>;
	/** In bytes. */
	tarball: number;
	machine: {
		cores: number;
		processor: string;
		system: string;
		gigabytes: number;
		node: string;
		n8n: string;
		core: string;
		base: string;
		date: string;
	};
}

/** What the table promises beside each figure. */
export const AIMS = {
	campaign: 250,
	processor: 0.8,
	message: 0.9,
	/** Beside what the provider's pace allows. */
	pace: 1.15,
	/** Requests beside one for each page and each transfer. */
	lists: 1.1,
	linear: 1.3,
	repeated: 1.2,
	/** In ms. */
	stretch: 50,
	memory: 0.7,
	growth: 1.2,
	loading: 15,
	tarball: 200_000,
	planning: 20,
};

/** The provider's limit. Source: Club Texting, HTTP API page. */
const REQUESTS_PER_SECOND = 2;

/** The whole bench as Markdown. */
export function table(found: Findings): string {
	return [
		'# What the package costs beside the HTTP Request node',
		'',
		'Made by `npm run bench`; not edited by hand. Below 1 is less than the HTTP Request node.',
		'',
		'![The ratios as bars](bench.svg)',
		'',
		...summary(found),
		'',
		...notes(found),
		'',
		...distance(found),
		'',
		...pacing(found),
		'',
		...growing(found),
		'',
		...marking(found),
		'',
		...stalling(found),
		'',
	].join('\n');
}

function summary(found: Findings): string[] {
	const { campaign, messages, isolated, readings, planning, loading, tarball } = found;
	const memory = memoryOf(found);
	const { paced, lists, linear, repeated, documents } = found;
	const growths = [found.growth, found.growthOfOneText].map(growthOf);
	const time = Math.max(...growths.map((growth) => growth.time));
	const journal = Math.max(...growths.map((growth) => growth.journal));
	const processor = (work: string, { ours, theirs, ratio }: Compared, aim?: number) => [
		work,
		micro(ours),
		micro(theirs),
		bounds(ratio, 2),
		...(aim === undefined ? ['', ''] : [`at most ${aim}`, verdict(ratio.median <= aim)]),
	];
	/** A row with an aim of its own: not a ratio to the HTTP Request node. */
	const alone = (work: string, figure: string, aim: string, met: boolean, theirs = '') => [
		work,
		figure,
		theirs,
		'',
		`at most ${aim}`,
		verdict(met),
	];
	return rows(
		['what', 'this package', 'HTTP Request node', 'ratio', 'aim', ''],
		[
			[
				`requests for ${number(campaign.recipients)} recipients of one text`,
				number(campaign.ours),
				number(campaign.theirs),
				fixed(campaign.ours / campaign.theirs, 3),
				`at most ${AIMS.campaign}`,
				verdict(campaign.ours <= AIMS.campaign),
			],
			[
				`the same at ${REQUESTS_PER_SECOND} requests per second`,
				duration(campaign.ours / REQUESTS_PER_SECOND),
				duration(campaign.theirs / REQUESTS_PER_SECOND),
				fixed(campaign.ours / campaign.theirs, 3),
				'',
				'',
			],
			processor(
				'processor time of a personalised message, _On Error: Continue_',
				messages.theirs,
				AIMS.message,
			),
			processor('– _On Error: Stop Workflow_', messages.stopping),
			processor('– the HTTP Request node one after another, too', messages.single),
			processor('– expressions in an isolate (n8n’s server)', isolated.theirs),
			processor('processor time of a balance read, _On Error: Continue_', readings.balances, AIMS.processor),
			processor('– _On Error: Stop Workflow_', readings.balancesStopping),
			processor('processor time of a page of sub-accounts, “Return All”', readings.allPages, AIMS.processor),
			processor('– the same page for each of many items', readings.pages),
			[
				'peak memory over 50,000 items',
				megabytes(memory.ours),
				megabytes(memory.theirs),
				bounds(memory.ratio, 2),
				`at most ${AIMS.memory}`,
				verdict(memory.ratio.median <= AIMS.memory),
			],
			...paced.at.map((at) => [
				`${number(paced.messages)} personalised messages at ${REQUESTS_PER_SECOND} a second, replies after ${at.replies} s`,
				seconds(at.ours),
				seconds(at.theirs),
				fixed(at.ours.median / at.theirs.median, 2),
				`at most ${AIMS.pace} of the ${fixed(at.allowed, 1)} s allowed`,
				verdict(at.ours.median / at.allowed <= AIMS.pace),
			]),
			[
				`requests of a top-up of ${number(lists.subaccounts)} sub-accounts, ${number(lists.low)} of them low`,
				number(lists.requests),
				number(lists.theirs),
				fixed(lists.requests / lists.theirs, 2),
				`at most ${AIMS.lists}`,
				verdict(lists.requests / lists.theirs <= AIMS.lists),
			],
			alone(
				`time per item, ${number(linear.theirs.many.items)} beside ${number(linear.theirs.few.items)}, the worst of ${linear.ours.length} ways`,
				fixed(Math.max(...linear.ours.map(linearity)), 2),
				`${AIMS.linear}`,
				linear.ours.every((kind) => linearity(kind) <= AIMS.linear),
				fixed(linearity(linear.theirs), 2),
			),
			alone(
				'the longest stretch without a turn for the event loop: its work, without garbage collection',
				`${fixed(Math.max(...linear.ours.map(({ longestStretch }) => longestStretch.own)), 0)} ms`,
				`${AIMS.stretch} ms`,
				linear.ours.every(({ longestStretch }) => longestStretch.own <= AIMS.stretch),
				`${fixed(linear.theirs.longestStretch.own, 0)} ms`,
			),
			alone(
				`the same while a letter of ${documents.megabytes} MB is mailed, from n8n’s disk; from its memory`,
				held(documents.ours),
				`${AIMS.stretch} ms`,
				documents.ours.disk.own <= AIMS.stretch && documents.ours.memory.own <= AIMS.stretch,
				held(documents.theirs),
			),
			alone(
				`the longest that a pattern or a place which reads outside input takes for ${number(found.stalls.many)} signs`,
				`${fixed(longestStall(found), 1)} ms`,
				`${AIMS.stretch} ms`,
				longestStall(found) <= AIMS.stretch,
			),
			alone(
				'the hundredth run of a node beside the first',
				bounds(repeated.ours.hundredth.ratio, 2),
				`${AIMS.repeated}`,
				repeated.ours.hundredth.ratio.median <= AIMS.repeated,
				bounds(repeated.theirs.hundredth.ratio, 2),
			),
			alone(`time per item, ${sizesOf(found.growth)}`, fixed(time, 2), `${AIMS.growth}`, time <= AIMS.growth),
			alone(
				`journal per item, ${sizesOf(found.growth)}`,
				fixed(journal, 2),
				`${AIMS.growth}`,
				journal <= AIMS.growth,
			),
			alone(
				'loading all nodes and credentials',
				`${bounds(loading.required, 1)} ms`,
				`${AIMS.loading} ms`,
				loading.required.median <= AIMS.loading,
			),
			alone(
				'size of the tarball',
				`${fixed(tarball / 1000, 1)} kB`,
				`${AIMS.tarball / 1000} kB`,
				tarball <= AIMS.tarball,
			),
			alone(
				'planning: our own time per item of a dry run',
				micro(planning.own),
				`${AIMS.planning} µs`,
				planning.own.median <= AIMS.planning,
			),
		],
	);
}

/** The day of a moment, which stands at its beginning. */
function dayOf(moment = ''): string {
	return moment.split(',')[0]!;
}

function notes({ machine, measured, memory, loading, planning }: Findings): string[] {
	const moments = [...new Set(Object.values(measured))];
	const measuredAt = (moment: string) => Object.keys(measured).filter((name) => measured[name] === moment);
	return [
		'## How it was measured',
		'',
		`${machine.cores} cores, ${machine.gigabytes} GB, ${machine.system}. n8n ${machine.n8n} with n8n-core ${machine.core} and n8n-nodes-base ${machine.base} on its own Node.js ${machine.node}.`,
		'',
		...moments.map((moment) => `- ${moment}: ${measuredAt(moment).join(', ')}.`),
		`- Each was measured with the package as it was on its day: nodes and sources that came later are in none of its figures. \`git log docs/bench/bench.json\` names the commits. The size of the tarball is of ${machine.date}.`,
		'- Both sides run as production executions on n8n’s own engine, one node between a trigger and the end, until the execution’s data is written as n8n’s database has it. What came out, and what the provider’s books say, is checked after every run.',
		'- Processor time is user and system time of the process that runs n8n. The providers are played by the simulator on loopback, in a process of its own, so that its work is not counted. Still the sender of a connection over loopback pays for a part of what the receiver’s kernel does. One process of the lowest priority for each core keeps the cores from sleeping: waking one up costs as much as half a request, depends on the machine, and falls on whoever waits for each reply.',
		`- Runs of both sides take turns (A B A B) after a warm-up, in one process for each block of rows; for memory ${memory.length} pairs of processes, for growth as many runs of each size as there are turns. For size and the hundredth run the turns are those of the two that are compared, one side after the other. A figure is the median, in brackets the smallest and the largest. Ratios are those of the pairs; of two sizes, those of the medians.`,
		'- The HTTP Request node is wired as its users would: a form with two expressions, the log-in in a generic credential. It sends all items at once. At the provider’s two requests per second its users have to set _Batching_; “one after another” is that option at one item each 1 ms. For memory and size it is set to 50 items each 50 ms, since 50,000 connections at once are more than a machine has ports.',
		'- Credentials are given decrypted on both sides. In n8n each reading of one is a query and a decryption: the HTTP Request node reads it twice for each item, this package once for a run.',
		'- Marks of acts are kept in memory here; what n8n’s own table costs is below.',
		`- Loading: ${loading.processes} fresh processes, n8n-workflow loaded before; ${loading.files} files, which are those of the package of ${dayOf(measured.loading)}. With one instance of each class, as n8n makes them at once: ${bounds(loading.instantiated, 1)} ms.`,
		`- Planning: the time inside \`execute\` of a dry run of ${number(planning.items)} different messages, less what n8n’s reading of the parameters takes of it (${micro(planning.reading)} per item).`,
		'- The HTTP Request node’s items are the provider’s replies as they came. Telling a refusal from a success in them is left to further nodes, which are not counted.',
	];
}

function distance({ messages, isolated, profile }: Findings): string[] {
	const row = (what: string, spread: Spread, ratio: Spread) => [what, micro(spread), bounds(ratio, 2)];
	return [
		'## Distance to the limit',
		'',
		`The HTTP Request node itself costs ${fixed(messages.single.theirs.median / messages.theirs.theirs.median, 2)} times as much when it sends one after another as when it sends all at once: every request that is waited for is a round of sleeping and waking for two processes, and of the event loop. This package has as many under way as the provider allows, and one at a time in a node that stops on failures: when a reply is unclear, what has not left stays where it is.`,
		'',
		'The same personalised messages, sent in turns with the above. The least node does nothing but evaluate two expressions and send one request through n8n’s helper, one item after another: what it costs is n8n’s own.',
		'',
		...rows(
			['who', 'processor time per message', 'this package beside it'],
			[
				row('bare client, one kept connection', messages.kept.theirs, messages.kept.ratio),
				row(
					'bare client, a connection for each request',
					messages.connecting.theirs,
					messages.connecting.ratio,
				),
				row('least node', messages.least.theirs, messages.least.ratio),
				row('least node, expressions in an isolate', isolated.least.theirs, isolated.least.ratio),
				['**this package**', micro(messages.theirs.ours), ''],
			],
		),
		'',
		'Where the time of this package’s run goes (sampled; waiting left out). n8n’s helper makes a new agent, and so a new connection, for every request; the package cannot change that.',
		'',
		...rows(
			['whose code', 'itself', 'with what it calls of Node.js'],
			profile.shares
				.filter(({ self, total }) => Math.max(self, total) >= 0.005)
				.map(({ owner, self, total }) => [owner, percent(self), percent(total)]),
		),
	];
}

function pacing({ paced, repeated }: Findings): string[] {
	const hundred = (who: string, { twelfth, hundredth }: Hundred) => [
		who,
		...[twelfth, hundredth].flatMap(({ run, ratio }) => [`${bounds(run, 0)} ms`, bounds(ratio, 2)]),
	];
	return [
		'## At the provider’s pace',
		'',
		`${number(paced.messages)} personalised messages, _On Error: Continue_, two starts a second and two under way. The HTTP Request node sends one item every 500 ms, however many are under way. What is allowed: two starts at once, the next two a second later or when a reply frees their place.`,
		'',
		...rows(
			['replies after', 'allowed', 'this package', 'beside what is allowed', 'HTTP Request node'],
			paced.at.map(({ replies, allowed, ours, theirs }) => [
				`${replies} s`,
				`${fixed(allowed, 1)} s`,
				seconds(ours),
				bounds(scaled(ours, 1 / allowed), 2),
				seconds(theirs),
			]),
		),
		'',
		`A hundred runs of one node, ${number(repeated.texts)} messages each, as fast as they go, this package’s marked in n8n’s own table, in turns with first runs of other nodes.`,
		'',
		...rows(
			['who', 'up to the twelfth', 'beside first runs', 'up to the hundredth', 'beside first runs'],
			[hundred('this package', repeated.ours), hundred('HTTP Request node', repeated.theirs)],
		),
	];
}

function growing({ growth, growthOfOneText, linear }: Findings): string[] {
	const lines = (what: string, { sizes }: Growth) =>
		sizes.map(({ items, time, journal }) => [what, number(items), micro(time), `${fixed(journal, 1)} bytes`]);
	return [
		'## Growth',
		'',
		...rows(
			['work', 'items', 'processor time per item', 'journal per item'],
			[...lines('a text of its own for each', growth), ...lines('one text for all', growthOfOneText)],
		),
		'',
		'Processor time of one of few and of one of many. The longest stretch in which the node let nothing else happen is processor time, n8n’s own work in it; by the clock, it is longer by garbage collection, which stops all of a process whenever it has to, and by the time in which another process or the collector’s own threads had the processor.',
		'',
		...rows(
			[
				'what',
				'of few',
				'of many',
				'ratio',
				'longest stretch',
				'by the clock',
				'garbage collection in it',
				'no processor in it',
			],
			[...linear.ours, linear.theirs].map((kind) => [
				`${kind.what}, ${number(kind.few.items)} and ${number(kind.many.items)}`,
				micro(kind.few.time),
				micro(kind.many.time),
				fixed(linearity(kind), 2),
				`${fixed(kind.longestStretch.own, 0)} ms`,
				`${fixed(kind.longestStretch.whole, 0)} ms`,
				`${fixed(kind.longestStretch.collected, 0)} ms`,
				`${fixed(kind.longestStretch.waited, 0)} ms`,
			]),
		),
	];
}

const linearity = ({ few, many }: Linear): number => many.time.median / few.time.median;

function sizesOf({ sizes }: Growth): string {
	return `${number(sizes.at(-1)!.items)} beside ${number(sizes[0]!.items)}`;
}

function marking({ marks, messages }: Findings): string[] {
	const message = messages.theirs.ours.median;
	return [
		'## Marks in n8n’s database',
		'',
		'Before an act leaves, it is marked in n8n’s deduplication table, one write for a request. n8n keeps a node’s entries in one row, and reads, compares and writes all of it for each mark. Measured with n8n’s own code on its own SQLite database.',
		'',
		...rows(
			[
				'entries kept',
				'row',
				'written to the disk',
				'processor time of a mark',
				'until it is written',
				'beside one message',
			],
			marks.kept.map(({ entries, row, written, processor, wall }) => [
				number(entries),
				`${fixed(row / 1000, 0)} kB`,
				`${fixed(written / 1000, 0)} kB`,
				micro(processor),
				micro(wall),
				fixed(processor.median / message, 1),
			]),
		),
	];
}

/** Rows of either kind in the table; the others are in `bench.json`. */
const SLOWEST = 8;

function stalling({ stalls: { few, many, patterns, places } }: Findings): string[] {
	const slowest = [patterns, places].flatMap((those) =>
		[...those].sort((a, b) => b.many - a.many).slice(0, SLOWEST),
	);
	return [
		'## Input from outside',
		'',
		`Each of the ${patterns.length} patterns in the sources, found by the compiler, with the slowest of some hundred texts that are made of its own signs; and ${places.length} places that read outside input, each with a text that keeps a careless reader busy. Processor time of the ${SLOWEST} slowest of both, the fastest of some turns of each, on Node.js alone.`,
		'',
		...rows(
			['what', `${number(few)} signs`, `${number(many)} signs`],
			slowest.map((stall) => [
				stall.what.replaceAll('|', '\\|'),
				`${fixed(stall.few, 2)} ms`,
				`${fixed(stall.many, 1)} ms`,
			]),
		),
	];
}

const longestStall = ({ stalls: { patterns, places } }: Findings): number =>
	Math.max(...[...patterns, ...places].map(({ many }) => many));

/** Peak memory of both sides, in bytes, and its ratio pair by pair. */
export function memoryOf({ memory }: Findings): Compared {
	const ours = memory.map((pair) => pair.ours.peak);
	const theirs = memory.map((pair) => pair.theirs.peak);
	return { ours: spread(ours), theirs: spread(theirs), ratio: ratios(ours, theirs) };
}

/** How much dearer an item of the largest size is than one of the smallest. */
export function growthOf({ sizes }: Growth): { time: number; journal: number } {
	const [least, most] = [sizes[0]!, sizes.at(-1)!];
	return { time: most.time.median / least.time.median, journal: most.journal / least.journal };
}

function rows(head: string[], body: string[][]): string[] {
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map((_, place) => (place === 0 ? '---' : '---:'))), ...body.map(line)];
}

export function fixed(value: number, digits: number): string {
	return value.toFixed(digits);
}

export function number(value: number): string {
	return value.toLocaleString('en-US');
}

export function bounds({ median, min, max }: Spread, digits: number): string {
	return `${fixed(median, digits)} (${fixed(min, digits)}–${fixed(max, digits)})`;
}

function scaled({ median, min, max }: Spread, by: number): Spread {
	return { median: median * by, min: min * by, max: max * by };
}

function seconds(spread: Spread): string {
	return `${bounds(spread, 1)} s`;
}

function micro(spread: Spread): string {
	const digits = spread.median < 100 ? 1 : 0;
	return `${bounds(spread, digits)} µs`;
}

function megabytes({ median, min, max }: Spread): string {
	return `${bounds({ median: median / 1e6, min: min / 1e6, max: max / 1e6 }, 0)} MB`;
}

function percent(share: number): string {
	return `${fixed(share * 100, 1)} %`;
}

function duration(seconds: number): string {
	if (seconds < 600) return `${number(seconds)} s`;
	return `${number(seconds)} s (${fixed(seconds / 60, 0)} min)`;
}

function held({ disk, memory }: Documents['ours']): string {
	return `${fixed(disk.own, 0)}; ${fixed(memory.own, 0)} ms`;
}

const verdict = (met: boolean) => (met ? 'met' : '**missed**');
