import path from 'node:path';

import type { INode } from 'n8n-workflow';

import { useBed, openBed } from './bed';
import { type Editor, openEditor, openNode } from './browser';
import { exampleFiles, readExamples } from './examples';
import type { StoredWorkflow } from './rest';

const GALLERY = 'examples/workflows';

/** The workflows that people look for, imported as their page says, and opened in the editor. */
describe.each(['2.41.1', '1.123.81'] as const)('n8n %s', (version) => {
	const bed = useBed(async () => await openBed(`gallery-${version}`, { version }));
	let editor: Editor;
	beforeAll(async () => {
		await bed.n8n.command([
			'import:workflow',
			'--separate',
			`--input=${path.resolve(__dirname, '../..', GALLERY)}`,
		]);
		editor = await openEditor(bed.main.url);
	});
	afterAll(async () => await editor.close());

	test('all of them are imported, as they are in their files', async () => {
		const examples = await readExamples({} as never, GALLERY);
		expect(examples).toHaveLength((await exampleFiles(GALLERY)).length);
		const parametersOf = (nodes: INode[]) =>
			nodes.map(({ name, type, typeVersion, parameters }) => ({ name, type, typeVersion, parameters }));
		for (const { id, nodes, connections } of examples) {
			const found = await bed.rest.call<StoredWorkflow>('GET', `/rest/workflows/${id}`);
			expect(parametersOf(found.nodes)).toEqual(parametersOf(nodes));
			expect(found.connections).toEqual(connections);
		}
	});

	test('each opens with every node known, and ours show their fields', async () => {
		const { page } = editor;
		for (const { id, nodes } of await readExamples({} as never, GALLERY)) {
			await page.goto(`/workflow/${id}`);
			for (const { name, type } of nodes.filter(({ type }) => !type.endsWith('.stickyNote'))) {
				const node = page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
				await node.waitFor();
				expect(await node.getAttribute('data-node-type')).toBe(type);
			}
			// What n8n says of a node that it does not know.
			expect(await page.getByText(/not installed|unrecognized|install this node/i).count()).toBe(0);
			const own = nodes.find(({ type }) => type.startsWith('n8n-nodes-messaging-credits.'))!;
			await openNode(page, own.name);
			await page
				.getByTestId('node-parameters')
				.locator('[data-test-id^="parameter-input-"]')
				.first()
				.waitFor();
		}
	});
});
