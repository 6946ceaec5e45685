import type { INodePropertyOptions } from 'n8n-workflow';
import type { Acting, Operation } from './types';

/** What an agent's tool says of an act behind its name: a model decides by this text alone. */
function consequenceOf(operation: Acting): string {
	const isForGood = operation.effect !== 'changes' || /can’t be (taken back|undone)/.test(operation.warning);
	const what = {
		sends: 'costs credit, ',
		spends: 'costs money, ',
		changes: '',
	}[operation.effect];
	return isForGood ? ` (${what}can’t be taken back)` : ' (changes the account)';
}

/**
 * The entry of an operation in the dropdown. n8n makes a tool's description of `action`, so it says what the act costs and
 * whether it can be taken back.
 */
export function optionOf(operation: Operation): INodePropertyOptions {
	const { hint, ...option } = operation.option;
	if (operation.effect === 'reads') return { ...option, builderHint: { propertyHint: hint } };
	const propertyHint = `${hint} ${operation.warning} Use it only where the request asks for it.`;
	return { ...option, action: `${option.action}${consequenceOf(operation)}`, builderHint: { propertyHint } };
}
