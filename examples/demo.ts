import path from 'node:path';
import { createEngine, loadPackage } from '../test/engine';
import { startSimulator } from '../test/simulator';
import { plays, prepareBooks } from './demo/plays';
import { differences, run, type Account, type Part } from './demo/run';
import { table, wrapped } from './demo/table';

const width = 100;
const hasColors = process.stdout.isTTY && process.stdout.hasColors();

const sgr = (on: number, off: number) => (text: string) =>
	hasColors ? `\x1b[${on}m${text}\x1b[${off}m` : text;
const bold = sgr(1, 22);
const dim = sgr(2, 22);
const red = sgr(31, 39);
const green = sgr(32, 39);

const headings: Record<keyof Account, string> = {
	itemsIn: 'Items in',
	itemsOut: 'Items out',
	failed: 'Failed items, on a branch of their own',
	requests: 'Requests that left',
	books: 'What the books say',
};

/** `npm run demo`: the built package's nodes in the example workflows, on n8n's engine, with simulated providers. */
async function main(): Promise<void> {
	const beginning = performance.now();
	say(
		bold('The example workflows, run by n8n’s engine'),
		'The providers are played by a simulator on this machine; nothing leaves it.',
	);
	const simulator = await startSimulator();
	const troubles: string[] = [];
	try {
		const engine = createEngine(await loadPackage(path.resolve(__dirname, '..')));
		prepareBooks(simulator);
		for (const [place, { title, remark, meanwhile, example, expected }] of plays.entries()) {
			meanwhile?.(simulator);
			const account = await run(example, engine, simulator);
			const file = `examples/${example.file}`;
			say('', '', `${bold(`${place + 1}. ${title}`)}  ${dim(file)}`, ...wrapped(remark, width));
			for (const part of Object.keys(headings) as Array<keyof Account>) show(part, account[part]);
			for (const { part, should, is } of differences(account, expected))
				troubles.push(
					'',
					`${place + 1}. ${title}`,
					`${headings[part]}: should be`,
					...should,
					'and is',
					...is,
				);
		}
		troubles.push(...simulator.mistakes());
	} finally {
		await simulator.close();
	}

	const seconds = ((performance.now() - beginning) / 1000).toFixed(1);
	if (troubles.length === 0) {
		say('', '', green(`All ${plays.length} runs went as expected, in ${seconds} seconds.`));
		return;
	}
	say('', '', red('Not everything went as expected.'), ...troubles);
	process.exitCode = 1;
}

function show(part: keyof Account, { columns, rows }: Part): void {
	const isList = part !== 'books';
	say('', bold(isList ? `${headings[part]}: ${rows.length}` : headings[part]));
	if (rows.length > 0) say(...table(columns, rows, width - 2, dim).map((line) => `  ${line}`));
}

function say(...lines: string[]): void {
	process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

main()
	.catch((error: unknown) => {
		process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
		process.exitCode = 1;
	})
	// A key that was won is looked after for two minutes; n8n runs on meanwhile, the demo has ended.
	.finally(() => process.exit());
