import type { IDataObject } from 'n8n-workflow';
import type { ReadOperation, Step } from './types';

/** “Credit: Get Balance”. @param about what else the editor and n8n's assistant are told of it */
export function readingBalance(
	about: { description: string; hint: string },
	read: (step: Step) => Promise<IDataObject>,
): ReadOperation<Record<string, never>> {
	return {
		option: { name: 'Get Balance', value: 'getBalance', action: 'Get credit balance', ...about },
		fields: [],
		effect: 'reads',
		parameters: () => ({}),
		run: async (_parameters, step) => await read(step),
	};
}
