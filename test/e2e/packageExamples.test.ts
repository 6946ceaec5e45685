import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { prepareBooks } from '../../examples/demo/plays';
import { installN8n } from '../../scripts/installN8n';
import { startSimulator } from '../simulator';

import { newFolder } from './bed';
import { type Example, readExamples, simulatorCredentials } from './examples';
import { openN8n } from './n8n';
import { errorOf, outputs, run, setUpOwner, type StoredWorkflow } from './rest';

/** Each package of one service alone in an n8n, with its own examples imported as a person would import them. */
const tarballs = (process.env.E2E_TARBALLS ?? '').split(path.delimiter).slice(1);

test.each(tarballs.map((tarball) => [path.basename(tarball).replace(/-\d.*$/, ''), tarball]))(
	'%s runs its examples, with nothing else installed',
	async (name, tarball) => {
		const installed = await installN8n('2.41.1', console.log);
		const n8n = await openN8n({ installed, folder: newFolder(`examples-${name}`), tarballs: [tarball] });
		const simulator = await startSimulator();
		prepareBooks(simulator);
		const credentials = simulatorCredentials(simulator);
		const { n8n: own } = JSON.parse(
			await readFile(path.join(__dirname, '../../packages', name, 'package.json'), 'utf8'),
		) as { n8n: { credentials: string[] } };
		const types = own.credentials.map((file) => path.basename(file, '.credentials.js').toLowerCase());
		await n8n.importCredentials(
			Object.values(credentials).filter(({ type }) => types.includes(type.toLowerCase())),
		);
		const examples = await readExamples(credentials, path.join('packages', name, 'examples'));
		await n8n.importWorkflows(examples);

		const main = await n8n.start();
		try {
			const rest = await setUpOwner(main.url);
			for (const { id, nodes } of examples) {
				const workflow = await rest.call<StoredWorkflow>('GET', `/rest/workflows/${id}`);
				const execution = await run(rest, workflow);
				expect([id, errorOf(execution)]).toEqual([id, undefined]);
				expect(outputs(execution, firstEnd(nodes))[0]?.length).toBeGreaterThan(0);
			}
			expect(simulator.mistakes()).toEqual([]);
		} finally {
			await main.stop();
			await simulator.close();
		}
	},
);

function firstEnd(nodes: Example['nodes']): string {
	return nodes.find(({ type }) => type === 'n8n-nodes-base.noOp')?.name ?? '';
}
