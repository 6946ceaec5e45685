import type { ICredentialDataDecryptedObject, IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Provider } from '../provider';
import { fieldsOf, LONGEST_TIMEOUT } from './description';
import { leftEmptyIn } from './leftEmpty';
import { parameterReaders } from './parameters';
import type { Acting, Operation, ParameterReader } from './types';

/** What acts are held against, where nothing is set or counted. */
export const UNLIMITED = {
	/** In the operation's unit. */
	spendingLimit: Infinity,
	/** Acts. */
	maximumPerDay: Infinity,
	maximumPerMonth: Infinity,
	/** Of a card. */
	maximumRefusalsPerDay: Infinity,
};

/** What every operation is set to, for one item. */
type CommonParameters = typeof UNLIMITED & {
	dryRun: boolean;
	/** In ms. */
	timeout: number;
	/** The idempotency key. */
	key?: string;
	includeRawReply: boolean;
};

/** n8n’s list of a node holds twice as many entries, for two days or months. */
const LARGEST_COUNT = 10_000;

/** Makes what reads the parameters of an item, all of them checked. @throws OperationError `invalid` */
export function readerFor(
	context: IExecuteFunctions,
	provider: Provider,
	operation: Operation,
	credential: ICredentialDataDecryptedObject,
): (item: number) => { parameters: unknown; common: CommonParameters } {
	const fields = fieldsOf(operation, provider.timeout);
	const reader = parameterReaders(context, fields, publicFields(credential, provider));
	const leftEmpty = leftEmptyIn(fields, context.getNode().parameters);
	return (item) => {
		if (leftEmpty) throw leftEmpty;
		const read = reader(item);
		// What a person sees first is named first: without a number, a key made of it is empty, too.
		return { parameters: operation.parameters(read), common: commonIn(read, operation) };
	};
}

function commonIn(read: ParameterReader, operation: Operation): CommonParameters {
	const timeout = read.number('options.timeout', { min: 1, max: LONGEST_TIMEOUT, decimals: 0, unit: 'ms' });
	const includeRawReply = read.boolean('options.includeRawReply');
	if (operation.effect === 'reads') {
		return { dryRun: false, ...UNLIMITED, timeout, includeRawReply };
	}
	return {
		dryRun: read.boolean('dryRun'),
		...limitsIn(read, operation),
		timeout,
		// A key that resolves to nothing would leave the item unprotected.
		key: read.isGiven('options.idempotencyKey') ? read.naming('options.idempotencyKey') : undefined,
		includeRawReply,
	};
}

/** How much may be spent, and how often; 0 times are no limit. @throws OperationError `invalid` */
function limitsIn(read: ParameterReader, { effect, spending, chargesCard }: Acting): typeof UNLIMITED {
	const spendingLimit = spending
		? read.number('spendingLimit', { min: 0, decimals: 3, unit: spending.unit })
		: Infinity;
	if (effect !== 'spends') return { ...UNLIMITED, spendingLimit };
	const timesIn = (name: string): number => {
		const rule = { min: 0, max: LARGEST_COUNT, decimals: 0, unit: 'times' };
		return read.number(`options.${name}`, rule) || Infinity;
	};
	return {
		spendingLimit,
		maximumPerDay: timesIn('maximumPerDay'),
		maximumPerMonth: timesIn('maximumPerMonth'),
		maximumRefusalsPerDay: chargesCard ? timesIn('maximumRefusalsPerDay') : Infinity,
	};
}

/** What an operation may know of the credential, such as its country. */
function publicFields(credential: ICredentialDataDecryptedObject, provider: Provider): IDataObject {
	const secrets = new Set(provider.secrets(credential));
	return Object.fromEntries(
		Object.entries(credential).filter(([, value]) => typeof value === 'string' && !secrets.has(value)),
	);
}
