import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	INodeProperties,
} from 'n8n-workflow';
import { invalid } from '../errors';
import type { Provider } from '../provider';
import { fieldsOf, LONGEST_TIMEOUT } from './description';
import { assertNothingLeftEmpty } from './leftEmpty';
import { parameterReaders } from './parameters';
import type { Operation, ParameterReader } from './types';

/** What every operation is set to, for one item. */
interface CommonParameters {
	dryRun: boolean;
	/** Infinity where nothing is spent. */
	spendingLimit: number;
	/** Infinity where acts are not counted. */
	maximumPerDay: number;
	maximumPerMonth: number;
	/** Infinity where no card is charged. */
	maximumRefusalsPerDay: number;
	/** In ms. */
	timeout: number;
	/** The idempotency key. */
	key?: string;
	includeRawReply: boolean;
}

/** n8n’s list of a node holds twice as many entries, for two days or months. */
const LARGEST_COUNT = 10_000;

/** Makes what reads the parameters of an item, all of them checked. @throws OperationError `invalid` */
export function readerFor(
	context: IExecuteFunctions,
	provider: Provider,
	operation: Operation,
	credential: ICredentialDataDecryptedObject,
): (item: number) => { parameters: unknown; common: CommonParameters } {
	const labels = new Map<string, string>();
	const defaults = new Map<string, unknown>();
	const takeNoteOf = (fields: INodeProperties[], path = '', label = ''): void => {
		for (const field of fields) {
			const own = `${path}${field.name}`;
			labels.set(own, `${label}${withoutUnit(field.displayName)}`);
			defaults.set(own, field.default);
			if (field.type !== 'collection') continue;
			const entries = (field.options ?? []).filter((entry) => 'type' in entry);
			takeNoteOf(entries, `${own}.`, path === '' ? '' : `${field.displayName}: `);
		}
	};
	const fields = fieldsOf(operation, provider.timeout);
	takeNoteOf(fields);
	const reader = parameterReaders(context, labels, defaults, publicFields(credential, provider));
	return (item) => {
		assertNothingLeftEmpty(fields, context.getNode().parameters);
		const read = reader(item);
		return { common: commonIn(read, operation), parameters: operation.parameters(read) };
	};
}

/** A label as errors name it; they say the unit with the amount. */
function withoutUnit(label: string): string {
	return label.replace(/ \([^)]*\)$/, '');
}

function commonIn(read: ParameterReader, operation: Operation): CommonParameters {
	const timeout = read.number('options.timeout', { min: 1, decimals: 0, unit: 'ms' });
	if (timeout > LONGEST_TIMEOUT) {
		throw invalid(read.label('options.timeout'), `must be at most ${LONGEST_TIMEOUT} ms, but is ${timeout}`);
	}
	const includeRawReply = read.boolean('options.includeRawReply');
	if (operation.effect === 'reads') {
		return {
			dryRun: false,
			spendingLimit: Infinity,
			...UNCOUNTED,
			timeout,
			includeRawReply,
		};
	}
	const unit = operation.spending?.unit;
	return {
		dryRun: read.boolean('dryRun'),
		spendingLimit: unit ? read.number('spendingLimit', { min: 0, decimals: 2, unit }) : Infinity,
		...countsIn(read, operation),
		timeout,
		// A key that resolves to nothing would leave the item unprotected.
		key: read.isGiven('options.idempotencyKey') ? read.required('options.idempotencyKey') : undefined,
		includeRawReply,
	};
}

const UNCOUNTED = { maximumPerDay: Infinity, maximumPerMonth: Infinity, maximumRefusalsPerDay: Infinity };

/** How often something may be done; 0 is no limit. @throws OperationError `invalid` */
function countsIn(read: ParameterReader, operation: Operation): typeof UNCOUNTED {
	if (operation.effect !== 'spends') return UNCOUNTED;
	const timesIn = (name: string): number => {
		const maximum = read.number(`options.${name}`, { min: 0, decimals: 0, unit: 'times' });
		if (maximum <= LARGEST_COUNT) return maximum === 0 ? Infinity : maximum;
		const trouble = `must be at most ${LARGEST_COUNT} times, but is ${maximum}`;
		throw invalid(read.label(`options.${name}`), trouble);
	};
	const maximumPerDay = timesIn('maximumPerDay');
	const maximumPerMonth = timesIn('maximumPerMonth');
	const maximumRefusalsPerDay = operation.chargesCard ? timesIn('maximumRefusalsPerDay') : Infinity;
	return { maximumPerDay, maximumPerMonth, maximumRefusalsPerDay };
}

/** What an operation may know of the credential, such as its country. */
function publicFields(credential: ICredentialDataDecryptedObject, provider: Provider): IDataObject {
	const secrets = new Set(provider.secrets(credential));
	return Object.fromEntries(
		Object.entries(credential).filter(([, value]) => typeof value === 'string' && !secrets.has(value)),
	);
}
