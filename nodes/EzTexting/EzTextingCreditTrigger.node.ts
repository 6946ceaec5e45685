import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { pollBalance } from '../shared/polling/lowBalance';
import { ON_LOW_BALANCE, POLLING_OPTIONS, thresholdField } from '../shared/polling/parameters';
import { BALANCE_REQUEST, balanceIn } from './credit';
import { ezTexting } from './provider';

export class EzTextingCreditTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'EZ Texting Credit Trigger',
		name: 'ezTextingCreditTrigger',
		icon: { light: 'file:../../icons/eztexting.svg', dark: 'file:../../icons/eztexting.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ "Below " + $parameter["threshold"] + " credits" }}',
		description: 'Start when an EZ Texting account has fewer credits than a threshold',
		builderHint: {
			searchHint:
				'Starts when the SMS credits of EZ Texting run low. Follow it with EZ Texting, Credit, Top Up.',
		},
		defaults: { name: 'EZ Texting Credit Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'ezTextingApi', required: true }],
		properties: [
			ON_LOW_BALANCE,
			thresholdField(100, 'the number of plan and anytime credits', 'Credits'),
			POLLING_OPTIONS,
		],
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await pollBalance(this, ezTexting, { decimals: 0, unit: 'credits' }, async (current) => {
			const { totalCredits, ...others } = await current.read(BALANCE_REQUEST, balanceIn);
			return { balance: totalCredits, json: { totalCredits, ...others } };
		});
	}
}
