import type { IExecuteFunctions, INodeProperties, IPollFunctions } from 'n8n-workflow';
import { collectionField, numberField } from '../operation/fields';
import type { ParameterReader } from '../operation/types';
import { parameterReaders } from '../operation/parameters';

const THRESHOLD = numberField('Threshold', 'threshold', 0, { typeOptions: { minValue: 0 }, required: true });

/**
 * The threshold of a balance.
 *
 * @param balance what is compared, as the description names it
 * @param unit as the label names it
 */
export function thresholdField(value: number, balance: string, unit: string): INodeProperties {
	return {
		...THRESHOLD,
		displayName: `Threshold (${unit})`,
		default: value,
		description: `Start the workflow when ${balance} falls below this`,
	};
}

/**
 * There is nothing to choose, so it is not shown. n8n's nodes panel names what a trigger does by a field with this label,
 * and calls it “On new Click2Mail Credit event” where there is none.
 */
export const ON_LOW_BALANCE: INodeProperties = {
	displayName: 'Trigger On',
	name: 'event',
	type: 'hidden',
	default: 'lowBalance',
	options: [
		{
			name: 'Low Balance',
			value: 'lowBalance',
			action: 'On low balance',
			description: 'The balance falls below the threshold',
		},
	],
};

export const POLLING_OPTIONS = collectionField('Options', 'options', {
	placeholder: 'Add option',
	options: [
		numberField('Remind After (Hours)', 'remindAfterHours', 24, {
			typeOptions: { minValue: 0 },
			description:
				'How long a balance stays low before the workflow starts again; 0 for once only. When the balance was at or above the threshold in between, it starts anew.',
		}),
	],
});

/** Reads the parameters of a polling trigger, which has no items. */
export function readerOf(context: IPollFunctions): ParameterReader {
	const source: Pick<IExecuteFunctions, 'getNode'> & { getNodeParameter: unknown } = {
		getNode: () => context.getNode(),
		getNodeParameter: (name: string) => context.getNodeParameter(name, undefined),
	};
	return parameterReaders(source as IExecuteFunctions, [THRESHOLD, POLLING_OPTIONS], {})(0);
}
