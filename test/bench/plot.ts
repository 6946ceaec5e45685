import type { Spread } from './measure';
import { AIMS, bounds, fixed, memoryOf, type Findings } from './table';

/** One bar: what it stands for, how long it is, and where it should have ended. */
interface Bar {
	label: string;
	value: Spread;
	text: string;
	aim?: number;
	/** For what only sets a scale. */
	muted?: boolean;
}

const WIDTH = 860;
const LABELS = 330;
const SCALE = 400;
const ROW = 30;
const FONT = 'font-family="system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif"';

// On a ground of its own, so that it reads alike on white and on dark pages.
const COLOURS = {
	ground: '#ffffff',
	edge: '#c9d1d9',
	text: '#1f2328',
	faint: '#59636e',
	grid: '#d1d9e0',
	ours: '#1a7f64',
	theirs: '#8c959f',
	missed: '#bc6c00',
	aim: '#cf222e',
};

/** The ratios to the HTTP Request node, and the way down to the bare client, as bars. */
export function plot(found: Findings): string {
	const { campaign, messages, readings, isolated } = found;
	const requests = campaign.ours / campaign.theirs;
	const memory = memoryOf(found);
	const ratio = (label: string, value: Spread, aim?: number): Bar => ({
		label,
		value,
		text: bounds(value, 2),
		aim,
	});
	const same = { median: requests, min: requests, max: requests };
	const ratioBars = [
		{ ...ratio('Requests for one text to 10,000 people', same, 0.025), text: fixed(requests, 3) },
		ratio('Processor time, personalised message', messages.theirs.ratio, AIMS.message),
		ratio('– the other node one after another, too', messages.single.ratio),
		ratio('– expressions in an isolate', isolated.theirs.ratio),
		ratio('Processor time, balance read', readings.balances.ratio, AIMS.processor),
		ratio('Processor time, page of sub-accounts', readings.allPages.ratio, AIMS.processor),
		ratio('Peak memory, 50,000 items', memory.ratio, AIMS.memory),
		...found.paced.at.map(({ replies, ours, theirs }) =>
			ratio(`Campaign at the provider’s pace, replies ${replies} s`, {
				median: ours.median / theirs.median,
				min: ours.min / theirs.max,
				max: ours.max / theirs.min,
			}),
		),
	];
	const time = (label: string, value: Spread, muted = true): Bar => ({
		label,
		value,
		text: `${fixed(value.median, 0)} µs`,
		muted,
	});
	const timeBars = [
		time('Bare client, one kept connection', messages.kept.theirs),
		time('Bare client, a connection for each request', messages.connecting.theirs),
		time('Least node: n8n’s own cost', messages.least.theirs),
		time('This package', messages.theirs.ours, false),
		time('HTTP Request node, one after another', messages.single.theirs),
		time('HTTP Request node, all at once', messages.theirs.theirs),
	];

	const ratioTop = 84;
	const timeTop = ratioTop + ratioBars.length * ROW + 88;
	const height = timeTop + timeBars.length * ROW + 34;
	const longest = Math.max(1.2, ...ratioBars.map(({ value }) => value.max));
	const slowest = Math.max(...timeBars.map(({ value }) => value.max));
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title" ${FONT}>`,
		'<title id="title">What the package costs beside n8n’s HTTP Request node</title>',
		`<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8" fill="${COLOURS.ground}" stroke="${COLOURS.edge}"/>`,
		heading(
			34,
			'Beside the HTTP Request node',
			'ratio, shorter is better; thin line: smallest to largest; red: aim',
		),
		...grid(ratioTop, ratioBars.length, longest),
		...ratioBars.flatMap((bar, place) => drawn(bar, ratioTop + place * ROW, longest)),
		heading(timeTop - 42, 'Distance to the limit', 'processor time of one personalised message'),
		...timeBars.flatMap((bar, place) => drawn(bar, timeTop + place * ROW, slowest * 1.05)),
		'</svg>',
		'',
	].join('\n');
}

function heading(y: number, title: string, explained: string): string {
	return (
		`<text x="24" y="${y}" font-size="17" font-weight="600" fill="${COLOURS.text}">${title}</text>` +
		`<text x="24" y="${y + 20}" font-size="13" fill="${COLOURS.faint}">${explained}</text>`
	);
}

/** A line at the HTTP Request node's own length. */
function grid(top: number, bars: number, longest: number): string[] {
	const x = LABELS + SCALE / longest;
	const bottom = top + bars * ROW;
	return [
		`<line x1="${fixed(x, 1)}" y1="${top - 4}" x2="${fixed(x, 1)}" y2="${bottom}" stroke="${COLOURS.grid}" stroke-dasharray="4 3"/>`,
		`<text x="${fixed(x, 1)}" y="${bottom + 14}" font-size="12" text-anchor="middle" fill="${COLOURS.faint}">1 = HTTP Request node</text>`,
	];
}

function drawn({ label, value, text, aim, muted }: Bar, top: number, longest: number): string[] {
	const x = (amount: number) => fixed(LABELS + (amount / longest) * SCALE, 1);
	const middle = top + 11;
	const missed = aim !== undefined && value.median > aim;
	const colour = muted ? COLOURS.theirs : missed ? COLOURS.missed : COLOURS.ours;
	const width = fixed(Math.max(2, (value.median / longest) * SCALE), 1);
	return [
		`<text x="${LABELS - 12}" y="${middle + 4}" font-size="13" text-anchor="end" fill="${COLOURS.text}">${label}</text>`,
		`<rect x="${LABELS}" y="${top + 2}" width="${width}" height="18" rx="2" fill="${colour}"/>`,
		`<line x1="${x(value.min)}" y1="${middle}" x2="${x(value.max)}" y2="${middle}" stroke="${COLOURS.text}" stroke-width="1.5"/>`,
		...(aim === undefined
			? []
			: [
					`<line x1="${x(aim)}" y1="${top - 1}" x2="${x(aim)}" y2="${top + 23}" stroke="${COLOURS.aim}" stroke-width="2"/>`,
				]),
		`<text x="${fixed(LABELS + (Math.max(value.max, aim ?? 0) / longest) * SCALE + 8, 1)}" y="${middle + 4}" font-size="12" fill="${COLOURS.faint}">${text}</text>`,
	];
}
