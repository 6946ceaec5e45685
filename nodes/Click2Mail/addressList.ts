import { notSent, orElse } from '../shared/errors';
import { needed, numberIn, objectIn } from '../shared/http/response';
import type { Step } from '../shared/operation/types';
import type { HttpRequest } from '../shared/provider';
import { FIELDS, type Address } from './address';
import { isGone } from './submit';

/** How long to wait between two looks at an address list, in ms. */
const AGAIN_AFTER = 2000;
/** State of a list that is never ready. */
const FAULTY = 9;

/** Makes an address list of one. Source: Upload an Address List page; mapping 2 is one that every account has. */
export function listRequest(name: string, address: Address): HttpRequest {
	const third = '<Address3></Address3><City>';
	const row = FIELDS.map(([field, , , , element]) => `<${element}>${escaped(address[field])}</${element}>`);
	return {
		method: 'POST',
		path: '/addressLists',
		xml: `<?xml version="1.0" encoding="UTF-8"?>\n<addressList><addressListName>${escaped(name)}</addressListName><addressMappingId>2</addressMappingId><addresses><address>${row.join('').replace('<City>', third)}</address></addresses></addressList>`,
	};
}

function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

async function stateOfList(step: Step, id: string): Promise<number> {
	const request: HttpRequest = { method: 'GET', path: `/addressLists/${id}` };
	return await step.read(request, (data) => needed(numberIn(objectIn(data).status), 'status'));
}

/** Whether the list of an earlier try is there and was not found faulty. */
export async function isUsable(step: Step, id: string): Promise<boolean> {
	return (await orElse(stateOfList(step, id), FAULTY, isGone)) !== FAULTY;
}

/** Waits until Click2Mail has looked an address list through: before that, neither pieces nor cost are settled. */
export async function listIsReady(step: Step, id: string, timeout: number): Promise<void> {
	for (let waited = 0; ; waited += AGAIN_AFTER) {
		const status = await stateOfList(step, id);
		if (status >= 3 && status !== FAULTY) return;
		if (status === FAULTY || waited >= timeout) {
			const trouble = status === FAULTY ? 'was found faulty' : `was not ready within ${timeout / 1000} s`;
			const advice = 'Nothing was mailed or charged. Check the address, or retry this execution later.';
			throw notSent(`Not mailed: address list ${id} ${trouble}`, advice);
		}
		await step.pause(AGAIN_AFTER);
	}
}
