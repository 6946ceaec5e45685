import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { NodeHelpers, type INodeTypeDescription } from 'n8n-workflow';
import type { Page } from 'playwright-core';

import type { Bed } from '../test/e2e/bed';
import { fieldsToMap, openNode } from '../test/e2e/browser';
import { exampleFiles, readExamples } from '../test/e2e/examples';
import { type Credential, type Rest, createCredential, createWorkflow } from '../test/e2e/rest';
import { setUp } from '../test/e2e/theirServices';
import { mappingWorkflow } from '../test/e2e/workflow';

import { descriptionsOf } from './screenshotForms';

const workflows = 'examples/workflows';
const folder = path.resolve(__dirname, '../docs/images/workflows');

/** Large enough for nothing of a workflow to be covered. */
const VIEWPORT = { width: 1250, height: 750 };
/** Around what stands on the canvas, in pixels. */
const MARGIN = 16;

/** Whatever of the editor is not on the canvas, the dots under it, and lines to where nothing is. */
const UNWANTED = `
	body :not(.vue-flow__viewport, .vue-flow__viewport *, :has(.vue-flow__viewport)),
	[data-test-id="canvas-handle-plus-wrapper"], [data-test-id="canvas-handle-plus-wrapper"] * { visibility: hidden !important; }
`;

/** Takes a picture of the canvas of each workflow of the gallery, as somebody has it who has set it up. */
export async function takeGallery(bed: Bed, page: Page): Promise<void> {
	await mkdir(folder, { recursive: true });
	await page.setViewportSize(VIEWPORT);
	const theirs = await theirCredentials(bed.rest, await descriptionsOf(bed));
	const files = await exampleFiles(workflows);
	for (const [place, example] of (await readExamples(bed.credentials, workflows)).entries()) {
		const { id } = await createWorkflow(bed.rest, setUp(example, theirs));
		await page.goto(`/workflow/${id}`);
		await page.getByTestId('canvas-node').first().waitFor();
		await page.addStyleTag({ content: UNWANTED });
		await page.getByTestId('zoom-to-fit').dispatchEvent('click');
		await page.waitForFunction(isDrawn);
		const file = path.join(folder, files[place]!.replace(/json$/, 'png'));
		await page.screenshot({
			path: file,
			animations: 'disabled',
			clip: await page.evaluate(boundsIn, MARGIN),
		});
		console.log(path.relative(process.cwd(), file));
	}
}

/** Takes a picture of the fields that the editor offers of a node that has never run. */
export async function takeFields(bed: Bed, page: Page, file: string): Promise<void> {
	const { id } = await createWorkflow(bed.rest, mappingWorkflow(bed.credentials.clubTextingApi));
	await page.goto(`/workflow/${id}`);
	await openNode(page, 'Map');
	await fieldsToMap(page, 'messageId');
	await page.screenshot({ path: file, animations: 'disabled' });
}

/** A credential for each type of n8n's nodes that needs one; none is used. */
async function theirCredentials(
	rest: Rest,
	types: INodeTypeDescription[],
): Promise<Record<string, Credential>> {
	const created: Record<string, Credential> = {};
	const examples = await readExamples({} as never, workflows);
	for (const node of examples.flatMap(({ nodes }) => nodes)) {
		if (!node.type.startsWith('n8n-nodes-base.') || node.type in created) continue;
		const description = types.find(
			({ name, version }) => name === node.type && [version].flat().includes(node.typeVersion),
		)!;
		const parameters = NodeHelpers.getNodeParameters(
			description.properties,
			node.parameters,
			true,
			false,
			node,
			description,
		)!;
		const needed = description.credentials?.find((credential) =>
			NodeHelpers.displayParameter(parameters, credential, node, description),
		);
		if (needed) created[node.type] = await createCredential(rest, needed.name, {});
	}
	return created;
}

/** Runs in the page: whether every node has its icon. The bolt of a trigger is smaller than one. */
function isDrawn(): boolean {
	type Found = {
		getAttribute(name: string): string | null;
		getBoundingClientRect(): { width: number; height: number };
		querySelectorAll(selector: string): Iterable<Found>;
		complete?: boolean;
	};
	const { document } = globalThis as unknown as { document: Found };
	return [...document.querySelectorAll('[data-test-id="canvas-node"]')]
		.filter((node) => !node.getAttribute('data-node-type')?.endsWith('stickyNote'))
		.every((node) => {
			const least = 0.3 * node.getBoundingClientRect().height;
			return [...node.querySelectorAll('img, svg')].some(
				// Some are flat.
				(icon) => icon.complete !== false && icon.getBoundingClientRect().width >= least,
			);
		});
}

/** Runs in the page: the frame of everything that stands on the canvas. */
function boundsIn(margin: number): { x: number; y: number; width: number; height: number } {
	type Box = { left: number; top: number; right: number; bottom: number; width: number; height: number };
	type Shown = { getBoundingClientRect(): Box; checkVisibility(how: object): boolean };
	type Page = {
		document: { querySelectorAll(selector: string): Iterable<Shown> };
	};
	const { document } = globalThis as unknown as Page;
	const boxes = [...document.querySelectorAll('.vue-flow__node, .vue-flow__node *')]
		.filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
		.map((element) => element.getBoundingClientRect())
		.filter(({ width, height }) => width > 0 && height > 0);
	const [x, y] = [Math.min(...boxes.map(({ left }) => left)), Math.min(...boxes.map(({ top }) => top))];
	const [right, bottom] = [
		Math.max(...boxes.map((box) => box.right)),
		Math.max(...boxes.map((box) => box.bottom)),
	];
	return {
		x: Math.floor(x - margin),
		y: Math.floor(y - margin),
		width: Math.ceil(right - x + 2 * margin),
		height: Math.ceil(bottom - y + 2 * margin),
	};
}
