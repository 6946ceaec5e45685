import path from 'node:path';

import type { Page } from 'playwright-core';

import type { Bed } from '../test/e2e/bed';
import { openNode } from '../test/e2e/browser';
import { readExamples } from '../test/e2e/examples';
import { createWorkflow } from '../test/e2e/rest';
import { itemsThrough, stepsOf } from '../test/e2e/workflow';

const images = path.resolve(__dirname, '../docs/images');

/** Takes the pictures of a letter's form, and of a list of groups that can't be read. */
export async function takeDetails(bed: Bed, page: Page): Promise<void> {
	await takeLetter(bed, page);
	await takeUnreadList(bed, page);
}

/** The form of the example with a letter, from top to bottom. */
async function takeLetter(bed: Bed, page: Page): Promise<void> {
	const { name, nodes, connections, pinData } = (await readExamples(bed.credentials)).find(
		({ id }) => id === 'exampleWelcomeLetter',
	)!;
	const { id } = await createWorkflow(bed.rest, { name, nodes, connections, pinData });
	await page.setViewportSize({ width: 1120, height: 1720 });
	await page.goto(`/workflow/${id}`);
	await openNode(page, 'Mail Welcome Letter');
	const form = page.getByTestId('node-parameters');
	await form.getByText('Maximum Cost (USD)').waitFor();
	await form.screenshot({ path: path.join(images, 'letter.png'), animations: 'disabled' });
	console.log('docs/images/letter.png');
}

/** What stands in the list where the provider refuses the log-in. */
async function takeUnreadList(bed: Bed, page: Page): Promise<void> {
	const parameters = { message: 'Honey is ready', options: { groups: ['Honey lovers'] } };
	const step = stepsOf(bed).ezTexting('message', 'send', parameters);
	const { id } = await createWorkflow(bed.rest, itemsThrough([], step));
	bed.simulator.order({ fault: 'status401', provider: 'ezTexting', times: Infinity });
	await page.setViewportSize({ width: 1120, height: 900 });
	await page.goto(`/workflow/${id}/step`);
	await page.getByTestId('ndv').getByTestId('parameter-input-groups').click();
	await page.locator('.el-select-dropdown__item:visible').first().waitFor();
	await page.screenshot({
		path: path.join(images, 'unread-list.png'),
		animations: 'disabled',
		clip: { x: 351, y: 390, width: 480, height: 415 },
	});
	console.log('docs/images/unread-list.png');
}
