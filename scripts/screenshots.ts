import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Page } from 'playwright-core';

import { prepareBooks } from '../examples/demo/plays';
import { type Bed, openBed } from '../test/e2e/bed';
import {
	type Editor,
	closeNode,
	credentialWorks,
	executeWorkflow,
	openCredential,
	openEditor,
	openNode,
} from '../test/e2e/browser';
import { readExamples } from '../test/e2e/examples';
import { createWorkflow } from '../test/e2e/rest';

import { installN8n } from './installN8n';
import { packedPackages } from './packPackages';
import { takeDetails } from './screenshotDetails';
import { takeForms } from './screenshotForms';
import { takeFields, takeGallery } from './screenshotGallery';
import { takeSteps } from './screenshotSteps';

const images = path.resolve(__dirname, '../docs/images');

/** Pictures that are taken alone where their name is given. */
const PARTS = {
	forms: async (bed: Bed, page: Page) => await takeForms(bed, page, new RegExp(process.argv[3] ?? '')),
	async gallery(bed: Bed, page: Page) {
		await takeFields(bed, page, path.join(images, 'fields.png'));
		await takeGallery(bed, page);
	},
	details: takeDetails,
	steps: takeSteps,
};

/**
 * `npm run screenshots`: runs the SMS campaign example in a real n8n and takes the pictures in docs/images/.
 * `npm run screenshots -- forms` takes every form of every node, and what the nodes panel finds, into n8n/.n8n/forms/;
 * a further argument says which, such as `Trigger|search`. `npm run screenshots -- gallery` takes those of the gallery alone,
 * `npm run screenshots -- steps` those of the first steps, `npm run screenshots -- details` those of single forms.
 */
async function main(): Promise<void> {
	await installN8n('2.41.1', console.log);
	const [{ tarball }] = await packedPackages(console.log);
	const folder = await mkdtemp(path.join(tmpdir(), 'messaging-credits-screenshots-'));
	Object.assign(process.env, { E2E_FOLDER: folder, E2E_TARBALLS: tarball });
	await mkdir(images, { recursive: true });

	const bed = await openBed('n8n');
	let editor: Editor | undefined;
	try {
		const part = Object.entries(PARTS).find(([name]) => name === process.argv[2])?.[1];
		if (part) {
			editor = await openEditor(bed.main.url);
			return await part(bed, editor.page);
		}
		prepareBooks(bed.simulator);
		const examples = await readExamples(bed.credentials);
		const campaign = examples.find(({ id }) => id === 'exampleSmsCampaign');
		if (campaign === undefined) throw new Error('There is no SMS campaign among the examples');
		const { name, nodes, connections, pinData } = campaign;
		const { id } = await createWorkflow(bed.rest, { name, nodes, connections, pinData });

		editor = await openEditor(bed.main.url);
		const { page } = editor;
		const take = async (file: string) => {
			await page.screenshot({ path: path.join(images, file), animations: 'disabled' });
			console.log(`docs/images/${file}`);
		};

		await page.goto(`/workflow/${id}`);
		await executeWorkflow(page, ['Send Texts', 'Sent', 'Not Sent']);
		// The notice that the run was a success goes by itself.
		await page.locator('.el-notification').last().waitFor({ state: 'hidden' });
		await take('canvas.png');

		await openNode(page, 'Send Texts');
		const output = page.getByTestId('output-panel');
		await output.locator('tbody tr').first().waitFor();
		await take('node.png');
		await output.getByTestId('tab-1').click();
		await output.getByText('evt-2044').first().waitFor();
		await take('failed-items.png');

		await credentialWorks(await openCredential(page)).waitFor();
		await take('credential.png');
		await page.locator('.el-dialog__headerbtn:visible').click();
		await closeNode(page);

		for (const further of [PARTS.gallery, PARTS.steps, PARTS.details]) await further(bed, page);
	} finally {
		await editor?.close();
		await bed.close();
		await rm(folder, { recursive: true, force: true });
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
