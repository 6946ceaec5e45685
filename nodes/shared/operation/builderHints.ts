import type { INodePropertyOptions, IParameterBuilderHint } from 'n8n-workflow';
import type { Operation } from './types';

/** Said of fields that all acts have, for n8n's assistant that builds workflows. */
export const FIELD_HINTS = {
	dryRun: {
		propertyHint:
			'Leave it false in a workflow that is to work. Set it to true only to try the workflow out: nothing is sent, bought or changed then.',
	},
	idempotencyKey: {
		propertyHint:
			'Always set it from the data, e.g. {{ $json.orderId }}: the same value never acts twice, so a trigger that reports something twice does no harm. Never use a random value.',
	},
	spendingLimit: {
		propertyHint: 'The most that one run may spend. Take it from the request; do not raise it on your own.',
	},
} satisfies Record<string, IParameterBuilderHint>;

/** What an agent's tool says of an act behind its name: a model decides by this text alone. */
function consequenceOf(operation: Operation): string {
	if (operation.effect === 'reads') return '';
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
	if (operation.effect === 'reads') {
		return hint === undefined ? option : { ...option, builderHint: { propertyHint: hint } };
	}
	const propertyHint = `${hint ? `${hint} ` : ''}${operation.warning} Use it only where the request asks for it.`;
	return { ...option, action: `${option.action}${consequenceOf(operation)}`, builderHint: { propertyHint } };
}
