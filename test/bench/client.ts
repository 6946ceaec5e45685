import * as atSize from './atSize';
import { documents } from './document';
import * as single from './tasks';
import type { Tools } from './tasks';
import type { Counted } from './work';

const tasks = { ...single, ...atSize, documents };

/** What is asked of a client process; its one answer is the task's report. */
export interface Order {
	task: keyof typeof tasks;
	tools: Omit<Tools, 'count' | 'report'>;
	given?: unknown;
}

/** Runs one task under n8n's Node.js, told what and where by the process that started it. */
async function main(): Promise<void> {
	const { task, tools, given } = JSON.parse(process.argv[2]!) as Order;
	const count = async (): Promise<Counted> =>
		new Promise((resolve) => {
			process.once('message', (counted) => resolve(counted as Counted));
			process.send!('count');
		});
	const report = (line: string) => process.send!({ line });
	const answer: unknown = await tasks[task]({ ...tools, count, report }, given as never);
	process.send!({ answer });
	process.disconnect();
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(1);
});
