import type { INodeProperties } from 'n8n-workflow';
import type { ParameterReader } from '../shared/operation/types';
import type { SubmitRule } from './submit';

export const MAXIMUM_COST: INodeProperties = {
	displayName: 'Maximum Cost (USD)',
	name: 'maximumCost',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 2 },
	default: 0,
	required: true,
	placeholder: 'e.g. 2.50',
	description:
		'The most that each item may cost, tax included. What costs more stays a draft and is not paid.',
};

export function ruleIn(read: ParameterReader): SubmitRule {
	return {
		maximumCost: read.number('maximumCost', { min: 0.01, decimals: 2, unit: 'USD' }),
		comparesCredit: read.credential.environment !== 'staging',
	};
}
