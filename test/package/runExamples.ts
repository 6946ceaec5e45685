import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { credentialsFor } from '../../examples/demo/run';
import { prepareBooks } from '../../examples/demo/plays';
import { createEngine, loadPackage, type WorkflowFile } from '../engine';
import { startSimulator } from '../simulator';

/** What became of one example. */
export interface ExampleRun {
	file: string;
	/** Such as n8n's `Unrecognized node type`. */
	error?: string;
	/** The number of items at each end of the workflow, by the node's name. */
	ends: Record<string, number>;
	/** What the simulator can't make sense of. */
	mistakes: string[];
}

/**
 * Runs all workflows of a folder with the nodes of one installed package and nothing else. Arguments: the folder of the
 * package and that of the examples. Prints a list of `ExampleRun`.
 */
async function main([installed = '', examples = '']: string[]): Promise<void> {
	const loaded = await loadPackage(installed);
	const runs: ExampleRun[] = [];
	for (const file of readdirSync(examples).filter((name) => name.endsWith('.json')))
		runs.push(await run(path.join(examples, file), loaded));
	process.stdout.write(JSON.stringify(runs));
}

async function run(file: string, loaded: Awaited<ReturnType<typeof loadPackage>>): Promise<ExampleRun> {
	const workflow = JSON.parse(readFileSync(file, 'utf8')) as WorkflowFile;
	const manual = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
	const simulator = await startSimulator();
	try {
		prepareBooks(simulator);
		const result = await createEngine(loaded).run({
			...workflow,
			startNode: manual?.name ?? '',
			credentials: credentialsFor(simulator),
		});
		const ends = workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.noOp');
		return {
			file: path.basename(file),
			error: result.error?.message,
			ends: Object.fromEntries(ends.map(({ name }) => [name, result.output(name).length])),
			mistakes: simulator.mistakes(),
		};
	} catch (error) {
		return { file: path.basename(file), error: String(error), ends: {}, mistakes: [] };
	} finally {
		await simulator.close();
	}
}

main(process.argv.slice(2))
	.catch((error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	})
	// A key that was won is looked after for two minutes.
	.finally(() => process.exit());
