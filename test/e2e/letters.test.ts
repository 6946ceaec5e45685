import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { INode } from 'n8n-workflow';

import { ADDRESS_FIELDS } from '../../nodes/Click2Mail/address';

import { newFolder, openBed, packageName, useBed } from './bed';
import { addNode, choose, openEditor, shownParameters } from './browser';
import { createWorkflow, errorOf, outputs, run } from './rest';

/** Letters in a running n8n: the file comes from n8n's own node, and the form is the editor's. */
const letters = path.join(newFolder('documents'), 'letters');
const bed = useBed(
	async () => await openBed('letters', { environment: { N8N_RESTRICT_FILE_ACCESS_TO: letters } }),
);

/** As much of a PDF as the simulator reads: the number of its pages. */
const pdf = (pages: number, megabytes: number) =>
	Buffer.concat([Buffer.from(`%PDF-1.4 /Count ${pages}\n`), Buffer.alloc(megabytes * 1024 * 1024, ' ')]);

const address = {
	firstName: 'Ann',
	lastName: 'Lee',
	address1: '=1 {{ $binary.data.fileName }} St',
	city: 'Dayton',
	state: 'OH',
	zip: '45402',
};

function node(name: string, type: string, parameters: INode['parameters']): INode {
	return { id: name.toLowerCase(), name, type, typeVersion: 1, position: [0, 0], parameters };
}

test('PDFs that n8n’s Read/Write Files node has read are mailed, whole and once each', async () => {
	await mkdir(letters, { recursive: true });
	const sizes = { 'one.pdf': pdf(1, 1), 'three.pdf': pdf(3, 20) };
	for (const [name, content] of Object.entries(sizes)) await writeFile(path.join(letters, name), content);
	const { id, name } = bed.credentials.click2MailApi;
	const workflow = await createWorkflow(bed.rest, {
		name: 'Letters',
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger', {}),
			node('Read Letters', 'n8n-nodes-base.readWriteFile', { fileSelector: `${letters}/*.pdf`, options: {} }),
			{
				...node('Mail', `${packageName}.click2Mail`, {
					resource: 'letter',
					operation: 'send',
					...address,
					maximumCost: 2,
				}),
				credentials: { click2MailApi: { id, name } },
			},
		],
		connections: {
			Start: { main: [[{ node: 'Read Letters', type: 'main', index: 0 }]] },
			'Read Letters': { main: [[{ node: 'Mail', type: 'main', index: 0 }]] },
		},
	});
	const execution = await run(bed.rest, workflow);
	expect(errorOf(execution)).toBeUndefined();
	const { books } = bed.simulator.click2mail;
	const pages = (outputs(execution, 'Mail')[0] ?? []).map((item) => item.pages);
	expect(pages.sort()).toEqual([1, 3]);
	expect([...books.documents.values()].map(({ bytes, format }) => ({ bytes, format }))).toEqual(
		expect.arrayContaining(Object.values(sizes).map(({ length }) => ({ bytes: length, format: 'PDF' }))),
	);
	expect(books.mailed).toHaveLength(2);
	expect(new Set(books.mailed.map(({ jobId }) => jobId)).size).toBe(2);
});

test('the form shows a letter’s fields, what is printed and paid, and an address as a collection', async () => {
	const editor = await openEditor(bed.main.url);
	const { page } = editor;
	try {
		await addNode(page, 'letter', 'Click2Mail', 'Send letter');
		const recipient = ADDRESS_FIELDS.map(({ name }) => name).join(' ');
		const fields = ` ${recipient} maximumCost dryRun`;
		expect((await shownParameters(page)).join(' ')).toBe(
			`resource operation documentSource binaryPropertyName${fields}`,
		);
		const form = page.getByTestId('node-parameters');
		await form.getByText('prints and mails a letter for each item and pays for it').waitFor();
		await choose(page, 'documentSource', 'URL');
		expect((await shownParameters(page)).join(' ')).toBe(
			`resource operation documentSource documentUrl${fields}`,
		);
		await choose(page, 'resource', 'Postcard');
		await form.getByText('prints and mails a postcard for each item and pays for it').waitFor();
		await form.getByTestId('parameter-input-dryRun').locator('.el-switch').click();
		await form.getByText('prints and mails').waitFor({ state: 'hidden' });
	} finally {
		await editor.close();
	}
});
