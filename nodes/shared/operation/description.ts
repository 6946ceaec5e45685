import { NodeConnectionTypes, type INodeProperties } from 'n8n-workflow';
import { optionOf } from './builderHints';
import { booleanField, choiceField, collectionField, noticeField, numberField, textField } from './fields';
import type { Acting, Operation, Resource } from './types';

/** The one input, and the one output, that a node has. */
export const MAIN = [NodeConnectionTypes.Main];

/**
 * The properties of a node, from its resources: the two dropdowns, then each operation's fields followed by what its
 * effect brings along (spending limit, dry run) and its options.
 *
 * @param timeout the provider's, in ms; shown as the default
 * @param first the resource that a new node starts with
 */
export function propertiesOf(
	resources: Resource[],
	timeout: number,
	first = resources[0]!.option.value,
): INodeProperties[] {
	return [
		CREDENTIALS,
		choiceField('Resource', 'resource', first, {
			noDataExpression: true,
			options: resources.map((resource) => resource.option),
		}),
		...resources.map(operationDropdown),
		TOOL_NOTICE,
		...resources.flatMap(({ option, operations }) =>
			operations.flatMap((operation) => shownFor(option.value, operation, timeout)),
		),
	];
}

/** Where n8n puts the node's credentials: at the top, and not between the two dropdowns. */
const CREDENTIALS: INodeProperties = {
	displayName: 'Credentials',
	name: 'credentials',
	type: 'credentials',
	default: '',
};

/** Stands in the form of a tool alone: n8n shows it where a model calls the node. */
const TOOL_NOTICE = noticeField(
	'Use it with an <b>AI Agent</b> node of version 3 or newer: an older one may get an empty text when this fails, and not know whether it was done. See <b>Docs</b>.',
	{ show: { '@tool': [true] } },
	'toolNotice',
);

/** What stands below the node's name on the canvas: what its operation does, and whether it only tries. */
export function subtitleOf(resources: Resource[]): string {
	const actions = resources.flatMap(({ option: resource, operations }) =>
		operations.map(({ option }) => [`${resource.value}.${option.value}`, option.action]),
	);
	const action = `${JSON.stringify(Object.fromEntries(actions))}[$parameter["resource"] + "." + $parameter["operation"]]`;
	return `={{ (${action} ?? "") + ($parameter["dryRun"] === true ? " (dry run)" : "") }}`;
}

function operationDropdown({ option, operations, default: first }: Resource): INodeProperties {
	return choiceField('Operation', 'operation', first, {
		noDataExpression: true,
		displayOptions: { show: { resource: [option.value] } },
		options: operations.map(optionOf),
	});
}

function shownFor(resource: string, operation: Operation, timeout: number): INodeProperties[] {
	return fieldsOf(operation, timeout).map((field) => ({
		...field,
		displayOptions: {
			...field.displayOptions,
			show: { resource: [resource], operation: [operation.option.value], ...field.displayOptions?.show },
		},
	}));
}

/** All fields of an operation, as its user meets them from top to bottom. */
export function fieldsOf(operation: Operation, timeout: number): INodeProperties[] {
	const fields = [...noticeOf(operation), ...operation.fields];
	if ('spending' in operation && operation.spending) fields.push(spendingLimitField(operation.spending));
	if (operation.effect !== 'reads') {
		const help = `${operation.dryRunHelp}. Nodes behind this one act on its items, unless theirs is on, too.`;
		const field = booleanField('Dry Run', 'dryRun', help);
		const propertyHint =
			'Leave it false in a workflow that is to work. Set it to true only to try the workflow out: nothing is sent, bought or changed then.';
		fields.push({ ...field, builderHint: { propertyHint } });
	}
	fields.push(optionsField(operation, timeout));
	return fields;
}

/** What the editor warns of, until a dry run makes it harmless. */
function noticeOf(operation: Operation): INodeProperties[] {
	if (operation.effect === 'reads') return [];
	const text = `${operation.warning} <b>Execute step</b> does this for real, too: switch on <b>Dry Run</b> to try it out.`;
	return [noticeField(text, { hide: { dryRun: [true] } })];
}

function spendingLimitField(spending: NonNullable<Acting['spending']>): INodeProperties {
	const { default: value, unit, onlyIfNeeded } = spending;
	const beyond = onlyIfNeeded
		? 'What would pass it is not spent'
		: 'If they come to more, nothing is sent for any of them';
	return numberField(`Spending Limit (${unit === 'credits' ? 'Credits' : unit})`, 'spendingLimit', value, {
		builderHint: {
			propertyHint: 'The most that one run may spend. Take it from the request; do not raise it on your own.',
		},
		typeOptions: { minValue: 0 },
		description: `The most that one run of this node may spend, all its items together. ${beyond}. Each execution, each round of a loop and each call of a tool is a run of its own.`,
	});
}

const ACT_ONCE_PER = textField('Act Once Per', 'idempotencyKey', {
	builderHint: {
		propertyHint:
			'Always set it from the data, e.g. {{ $json.orderId }}: the same value never acts twice, so a trigger that reports something twice does no harm. Never use a random value.',
	},
	placeholder: 'e.g. order-10042',
	description:
		'What this must happen only once for, such as an order number. When the same value comes again, today or in a later execution, nothing is done and the item comes out as skipped. It holds for this node alone. Save the workflow first.',
});

function countFields(comesOut: boolean): INodeProperties[] {
	const beyond = comesOut
		? 'nothing is added and the item comes out with toppedUp false and limitReached true'
		: 'nothing is sent and the item fails';
	const field = (displayName: string, name: string, period: string) =>
		numberField(displayName, name, 0, {
			typeOptions: { minValue: 0, numberPrecision: 0 },
			description: `How often this node may do this in one ${period} of the workflow’s time zone, over all its executions; 0 for no limit. Beyond it ${beyond}. The workflow has to be saved.`,
		});
	return [
		field('Maximum per Day', 'maximumPerDay', 'day'),
		field('Maximum per Month', 'maximumPerMonth', 'calendar month'),
	];
}

const MAXIMUM_REFUSALS_PER_DAY = numberField('Maximum Refusals per Day', 'maximumRefusalsPerDay', 3, {
	typeOptions: { minValue: 0, numberPrecision: 0 },
	description:
		'After so many refused charges of one card in one day, over all executions of this node, nothing more is asked of that card until the next day; 0 for no limit. Keeps a workflow that runs again and again from having the card blocked. Counted for a saved workflow only.',
});

const INCLUDE_RAW_REPLY = booleanField(
	'Include Raw Reply',
	'includeRawReply',
	'Whether to add the reply of the provider as it came, as the field "raw". Secrets are masked.',
);

/** The longest wait for one reply, in ms: timers of much more fire at once. */
export const LONGEST_TIMEOUT = 600_000;

function timeoutField(timeout: number, effect: Operation['effect']): INodeProperties {
	const afterwards =
		effect === 'reads'
			? 'Without one, the node asks again, up to twice'
			: 'What was sent when the time is up counts as unknown, and a retry of the execution does not repeat it';
	return numberField('Timeout (Milliseconds)', 'timeout', timeout, {
		typeOptions: { minValue: 1, maxValue: LONGEST_TIMEOUT },
		description: `How long to wait for one reply, at most 600,000 (ten minutes). ${afterwards}.`,
	});
}

function optionsField(operation: Operation, timeout: number): INodeProperties {
	const entries = [...(operation.options ?? []), INCLUDE_RAW_REPLY, timeoutField(timeout, operation.effect)];
	if (operation.effect !== 'reads') entries.push(ACT_ONCE_PER);
	if (operation.effect === 'spends') entries.push(...countFields(operation.comesOutAtLimit === true));
	if (operation.effect !== 'reads' && operation.chargesCard) entries.push(MAXIMUM_REFUSALS_PER_DAY);
	return collectionField('Options', 'options', {
		placeholder: 'Add option',
		options: entries,
	});
}
