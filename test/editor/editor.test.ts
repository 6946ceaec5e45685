import { createRequire } from 'node:module';
import path from 'node:path';
import {
	NodeHelpers,
	Workflow,
	type ICredentialType,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { OperationError } from '../../nodes/shared/errors';
import { readerFor } from '../../nodes/shared/operation/commonParameters';
import {
	baseUrlField,
	busyRules,
	environmentField,
	nothingRules,
	secretField,
	troubleRules,
} from '../../nodes/shared/operation/credentialForm';
import { propertiesOf, subtitleOf } from '../../nodes/shared/operation/description';
import { textField } from '../../nodes/shared/operation/fields';
import type { Operation } from '../../nodes/shared/operation/types';
import { DirectoryLoader } from 'n8n-core';
import manifest from '../../package.json';
import { createNodeTypes } from '../engine/nodeTypes';
import { contextOf, operationOf, services } from '../operations/context';

/** Rules that hold for every form of the package, whatever is added: what a person sees of it in n8n's editor. */

const root = path.join(__dirname, '../..');
const load = createRequire(__filename);

function instanceOf<T>(file: string): T {
	const source = path.join(root, file.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
	const classes = load(source) as Record<string, new () => T>;
	return new classes[path.basename(file).split('.')[0]!]!();
}

const nodeTypes = manifest.n8n.nodes.map((file) => instanceOf<INodeType>(file));
const credentialTypes = manifest.n8n.credentials.map((file) => instanceOf<ICredentialType>(file));
const choicesOf = ({ options = [] }: INodeProperties) =>
	options.filter((option): option is INodePropertyOptions => 'value' in option);
const entriesOf = (property: INodeProperties): INodeProperties[] => [
	property,
	...(property.options ?? []).flatMap((option) =>
		'values' in option ? option.values.flatMap(entriesOf) : 'type' in option ? entriesOf(option) : [],
	),
];

/** All fields of all forms, those of collections too, each with where it stands. */
const fields = [
	...nodeTypes.map(({ description: { name, properties } }) => ({ name, properties })),
	...credentialTypes.map(({ name, properties }) => ({ name, properties })),
].flatMap(({ name, properties }) =>
	properties.flatMap(entriesOf).map((field) => {
		const { resource = [], operation = [] } = field.displayOptions?.show ?? {};
		return { where: [name, ...resource, ...operation, field.name].join(' '), field };
	}),
);

const forms = nodeTypes.flatMap(({ description }) => formsOf(description));

interface Form {
	description: INodeTypeDescription;
	resource: string;
	option: INodePropertyOptions;
	where: string;
}

/** Every operation of a node. */
function formsOf(description: INodeTypeDescription): Form[] {
	return description.properties
		.filter(({ name }) => name === 'operation')
		.flatMap((dropdown) =>
			(dropdown.displayOptions!.show!.resource as string[]).flatMap((resource) =>
				choicesOf(dropdown).map((option) => ({
					description,
					resource,
					option,
					where: `${description.name} ${resource} ${String(option.value)}`,
				})),
			),
		);
}

/** The fields that the editor shows, from top to bottom. */
function shown({ description, resource, option }: Form, more: INodeParameters = {}): INodeProperties[] {
	const values = { resource, operation: String(option.value), ...more };
	return description.properties.filter((property) =>
		NodeHelpers.displayParameter(values, property, { typeVersion: 1 }, description),
	);
}

const named = (properties: INodeProperties[], name: string) =>
	properties.find((property) => property.name === name);
const acts = forms.filter((form) => named(shown(form), 'dryRun'));
const labelOf = (option: NonNullable<INodeProperties['options']>[number]) =>
	'displayName' in option ? option.displayName : option.name;

/** What the rule is broken by. */
function breaking(isKept: (field: INodeProperties) => boolean): string[] {
	return fields
		.filter(({ field }) => !isKept(field))
		.map(({ where, field }) => `${where}: ${field.displayName}`);
}

test('there are forms to look at', () => {
	expect(acts.length).toBeGreaterThan(15);
	expect(forms.length).toBeGreaterThan(acts.length + 8);
	expect(fields.length).toBeGreaterThan(200);
});

describe.each(acts.map((form): [string, Form] => [form.where, form]))('the act %s', (_where, form) => {
	test('says what its Dry Run does and what it leaves undone', () => {
		const { description: help } = named(shown(form), 'dryRun')!;
		expect(help).toMatch(/^Whether to .* and show what (would|would be) .*, without \w+ing /);
		const others = acts.filter((other) => other !== form && other.description === form.description);
		expect(others.map((other) => named(shown(other), 'dryRun')!.description)).not.toContain(help);
	});
});

test('what charges a card says so, and a notice names the direction of credit that moves', () => {
	for (const form of acts) {
		const [notice] = shown(form).filter(({ type }) => type === 'notice');
		const takesCard = form.description.credentials!.some(
			({ name, displayOptions }) =>
				name === 'paymentCardApi' && displayOptions?.show?.operation?.includes(form.option.value),
		);
		const charges = takesCard || named(shown(form), 'storedCardLastFour') !== undefined;
		expect([form.where, /charges your card/.test(notice!.displayName)]).toEqual([form.where, charges]);
		const amount = named(shown(form), 'amount');
		if (charges || !amount) continue;
		const direction = /from the (main account|sub-account) (back )?to the (main account|sub-account)/;
		expect(notice!.displayName).toMatch(direction);
		expect(direction.exec(amount.description!)![0]).toBe(direction.exec(notice!.displayName)![0]);
	}
});

test('what moves credit between accounts does not speak of buying it', () => {
	const moving = acts.filter(
		({ description: { name }, resource }) => name === 'mailPartnerSubaccount' && resource === 'credit',
	);
	expect(moving).toHaveLength(3);
	const told = moving.flatMap((form) =>
		shown(form)
			.flatMap(entriesOf)
			.map(({ description = '' }) => `${form.where}: ${description}`),
	);
	expect(told.filter((text) => /\b(buy|buys|bought|sold)\b/i.test(text))).toEqual([]);
});

test('an amount of money stays as it is typed: n8n would round it without a word', () => {
	const money = fields.filter(({ field }) => /\((USD|EUR)\)$/.test(field.displayName));
	expect(money.length).toBeGreaterThan(10);
	expect(money.filter(({ field }) => field.typeOptions?.numberPrecision !== undefined)).toEqual([]);
});

describe('labels', () => {
	test('have the unit of a number', () => {
		const units = /\((USD|EUR|Credits|Hours|Milliseconds)\)$|Credits$| per |^Limit$|^Threshold \(/;
		expect(breaking(({ type, displayName }) => type !== 'number' || units.test(displayName))).toEqual([]);
	});

	test('say “sub-account” in texts and “Subaccount” in names', () => {
		const texts = [
			...fields.flatMap(({ field }) => [field.description, field.placeholder, field.hint]),
			...fields.flatMap(({ field }) =>
				choicesOf(field).flatMap(({ description, action }) => [description, action]),
			),
			...fields.filter(({ field }) => field.type === 'notice').map(({ field }) => field.displayName),
			...nodeTypes.map(({ description }) => description.description),
		];
		expect(texts.filter((text) => text && /subaccount/i.test(text))).toEqual([]);
		const names = fields.flatMap(({ field }) =>
			field.type === 'notice' ? [] : [field.displayName, ...choicesOf(field).map(({ name }) => name)],
		);
		expect(names.filter((name) => /sub-account|subAccount|SubAccount/.test(name))).toEqual([]);
	});

	test('have one word for buying, and one for acting once', () => {
		const texts = fields.flatMap(({ field }) => [
			field.displayName,
			field.description ?? '',
			...choicesOf(field).flatMap(({ name, action = '', description = '' }) => [name, action, description]),
		]);
		expect(texts.filter((text) => /purchas|idempoten/i.test(text))).toEqual([]);
		const keys = fields.filter(({ field }) => field.name === 'idempotencyKey');
		expect(keys.map(({ field }) => field.displayName)).toEqual(acts.map(() => 'Act Once Per'));
	});

	test('stand in lists in alphabetical order', () => {
		const isSorted = ({ type, name, options = [] }: INodeProperties) => {
			if (type === 'notice' || !options.length) return true;
			const labels = options.map(labelOf);
			return ['fixedCollection'].includes(type) || ['modes', 'days'].includes(name) || isInOrder(labels);
		};
		expect(breaking(isSorted)).toEqual([]);
	});

	function isInOrder(labels: string[]): boolean {
		return labels.every((label, place) => place === 0 || labels[place - 1]!.localeCompare(label) <= 0);
	}

	test('of examples begin with “e.g.”', () => {
		const isExample = ({ type, placeholder, modes = [] }: INodeProperties) =>
			[placeholder, ...modes.filter((mode) => mode.type !== 'list').map((mode) => mode.placeholder)].every(
				// n8n's own rules ask for the second where an email belongs.
				(text) => !text || /^e\.g\. \S|^name@email\.com$/.test(text) || /ollection$/.test(type),
			);
		expect(breaking(isExample)).toEqual([]);
	});
});

describe('required marks', () => {
	const issuesOf = (form: Form, more: INodeParameters) => {
		const { description, resource, option } = form;
		const given = { resource, operation: String(option.value), ...more };
		const parameters = NodeHelpers.getNodeParameters(
			description.properties,
			given,
			true,
			false,
			null,
			description,
		);
		const node = {
			id: 'node',
			name: 'Node',
			type: description.name,
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: parameters!,
		};
		const issues = NodeHelpers.getNodeParametersIssues(description.properties, node, description);
		return Object.keys(issues?.parameters ?? {});
	};
	const formOf = (where: string) => forms.find((form) => form.where === where)!;

	const providers = Object.values(services);
	const known = forms.flatMap((form) => {
		const service = providers.find(({ description }) => description.name === form.description.name)!;
		const operation = operationOf(service, `${form.resource}.${String(form.option.value)}`);
		return operation ? [{ form, service, operation }] : [];
	});

	test.each(known.map((entry): [string, (typeof known)[number]] => [entry.form.where, entry]))(
		'stand where an empty form of %s is refused for something empty',
		(_where, { form, service, operation }) => {
			const path = `${form.resource}.${String(form.option.value)}`;
			const read = readerFor(contextOf(service, path, {}), service.provider, operation, {});
			let refusal = '';
			try {
				read(0);
			} catch (error) {
				if (!(error instanceof OperationError)) throw error;
				refusal = error.message;
			}
			const [, label] = /^“(.*)” is empty/.exec(refusal) ?? [];
			if (label === undefined) return;
			const field = shown(form).find(({ displayName }) => displayName === label)!;
			expect(issuesOf(form, {})).toContain(field.name);
		},
	);

	test('phone numbers are required without groups', () => {
		const send = formOf('clubTexting message send');
		expect(issuesOf(send, { message: 'Hi' })).toEqual(['phoneNumbers']);
		expect(issuesOf(send, { message: 'Hi', options: { groups: [] } })).toEqual(['phoneNumbers']);
		expect(issuesOf(send, { message: 'Hi', options: { groups: ['Honey lovers'] } })).toEqual([]);
		expect(issuesOf(send, { message: 'Hi', options: { groups: '={{ $json.groups }}' } })).toEqual([]);
		for (const groups of [[], ['Honey lovers'], '={{ $json.groups }}']) {
			const visible = shown(send, { options: { groups } });
			expect(visible.filter(({ name }) => name === 'phoneNumbers')).toHaveLength(1);
		}
	});

	test('the amount of a top-up is required without “Top Up To”', () => {
		const topUps = forms.filter(({ option }) => option.value === 'topUp');
		expect(topUps.length).toBeGreaterThanOrEqual(3);
		for (const form of topUps) {
			const amountIn = (options: INodeParameters) => {
				const visible = shown(form, { options });
				return visible.filter(({ name }) => ['amount', 'numberOfCredits'].includes(name));
			};
			expect(amountIn({})).toMatchObject([{ required: true }]);
			for (const level of [0, 50, '={{ $json.level }}'])
				expect(amountIn({ topUpTo: level })).toEqual([expect.not.objectContaining({ required: true })]);
		}
	});

	test('the email of an advanced sub-account is required', () => {
		const create = formOf('mailPartnerSubaccount subaccount create');
		expect(issuesOf(create, { type: 'advanced' })).toEqual(['email']);
		expect(issuesOf(create, { type: 'simple' })).toEqual([]);
		for (const type of ['advanced', 'simple', '={{ $json.type }}'])
			expect(shown(create, { type }).filter(({ name }) => name === 'email')).toHaveLength(1);
	});
});

describe('the order of fields', () => {
	test.each(forms.map((form): [string, Form] => [form.where, form]))(
		'%s: the log-in first, then what is done, and how it is paid only behind what is bought',
		(_where, form) => {
			if (form.description.credentials?.length === 0) return;
			const names = shown(form)
				.filter(({ type }) => type !== 'notice')
				.map(({ name }) => name);
			expect(names.slice(0, 3)).toEqual(['credentials', 'resource', 'operation']);
			expect(names.filter((name) => name === 'credentials')).toHaveLength(1);
			const [payment, bought] = [/^(paymentMethod|storedCardLastFour)$/, /^(keyword|numberOfCredits)$/].map(
				(wanted) => names.findIndex((name) => name.match(wanted)),
			) as [number, number];
			if (payment !== -1) expect([names, bought]).toEqual([names, payment - 1]);
		},
	);
});

describe('the subtitle', () => {
	function subtitleOf(description: INodeTypeDescription, parameters: INodeParameters): unknown {
		const type = nodeTypes.find((node) => node.description === description)!;
		const node = {
			id: 'node',
			name: 'Node',
			type: 'own',
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters,
		};
		const workflow = new Workflow({
			nodes: [node],
			connections: {},
			active: false,
			nodeTypes: createNodeTypes({ own: type }),
		});
		const { expression } = workflow;
		return expression.getSimpleParameterValue(workflow.nodes.Node!, description.subtitle, 'internal', {});
	}

	test.each(forms.map((form): [string, Form] => [form.where, form]))(
		'of %s says it in words, and whether it is a dry run',
		(_where, form) => {
			const { description, resource, option } = form;
			const given = { resource, operation: String(option.value) };
			// What an agent's tool says behind it is not for the canvas.
			const action = option.action!.replace(/ \([^)]+\)$/, '');
			expect(subtitleOf(description, given)).toBe(action);
			if (!acts.includes(form)) return;
			expect(subtitleOf(description, { ...given, dryRun: true })).toBe(`${action} (dry run)`);
			expect(subtitleOf(description, { ...given, dryRun: '={{ 1 > 0 }}' })).toBe(`${action} (dry run)`);
		},
	);

	test('of a trigger says what it waits for', () => {
		const { description } = nodeTypes.find(({ description: { name } }) => name === 'clubTextingTrigger')!;
		expect(subtitleOf(description, {})).toBe('On keyword or reply');
		expect(subtitleOf(description, { events: ['reply'] })).toBe('On reply');
		expect(subtitleOf(description, { events: '={{ "keyword" }}' })).toBe('On keyword');
	});

	test.each([
		['click2MailCreditTrigger', { threshold: 25 }, 'Below 25 USD'],
		['clubTextingCreditTrigger', { threshold: 500 }, 'Below 500 credits'],
		['clubTextingPollingTrigger', {}, 'On message received'],
		['clubTextingPollingTrigger', { event: 'contactOptedOut' }, 'On contact opted out'],
		['ezTextingTrigger', {}, 'On message received or opted out'],
		[
			'ezTextingTrigger',
			{ events: ['keywordOptIn', 'contactCreated'] },
			'On keyword opt in or contact created',
		],
		['ezTextingTrigger', { events: '={{ "optedOut" }}' }, 'On opted out'],
		['mailPartnerSubaccountTrigger', {}, 'On low balance'],
		['mailPartnerSubaccountTrigger', { event: 'subaccountCreated' }, 'On sub-account created'],
	])('of %s with %j is “%s”', (name, parameters, subtitle) => {
		const { description } = nodeTypes.find((node) => node.description.name === name)!;
		expect(subtitleOf(description, parameters)).toBe(subtitle);
	});
});

describe('Club Texting Trigger', () => {
	const { description } = nodeTypes.find(({ description: { name } }) => name === 'clubTextingTrigger')!;
	const warnings = (parameters: INodeParameters) =>
		description.properties.filter(
			(property) =>
				property.type === 'notice' &&
				NodeHelpers.displayParameter(parameters, property, { typeVersion: 1 }, description),
		);

	test.each([{}, { options: {} }, { options: { token: '' } }, { options: { replyText: 'Hi' } }])(
		'warns while there is no token: %j',
		(parameters) => {
			expect(warnings(parameters)).toHaveLength(1);
			expect(warnings(parameters)[0]!.displayName).toContain('<b>Token</b>');
		},
	);

	test.each(['a-long-random-text', '={{ $vars.token }}'])('does not with the token %j', (token) => {
		expect(warnings({ options: { token } })).toEqual([]);
	});
});

test('a node and its trigger have one description, since n8n lists them as one entry with that of either', () => {
	const pairs = nodeTypes.flatMap(({ description }) => {
		const trigger = nodeTypes.find((other) => other.description.name === `${description.name}Trigger`);
		return trigger ? [[description.description, trigger.description.description]] : [];
	});
	expect(pairs).toHaveLength(4);
	for (const [own, trigger] of pairs) expect(trigger).toBe(own);
	for (const [own] of pairs) expect(own).toMatch(/, and start when /);
});

test('every trigger asks what to “Trigger On” where it has a choice of events', () => {
	const choices = fields.filter(({ field }) => /^events?$/.test(field.name));
	expect(choices.length).toBeGreaterThan(0);
	expect(choices.map(({ field }) => field.displayName)).toEqual(choices.map(() => 'Trigger On'));
});

test('n8n’s own Proxy, Ignore SSL and Batching, which acts could not honour, are not offered', () => {
	for (const type of nodeTypes) {
		const copy = Object.assign(Object.create(Object.getPrototypeOf(type) as object) as INodeType, type);
		copy.description = { ...type.description, properties: [...type.description.properties] };
		DirectoryLoader.applyDeclarativeNodeOptionParameters(copy);
		expect(copy.description.properties).toEqual(type.description.properties);
	}
	expect(breaking(({ name }) => !/requestOptions|proxy|allowUnauthorizedCerts|batching/.test(name))).toEqual(
		[],
	);
});

test('a tool’s form alone says which agents hear what failed', () => {
	const notices = nodeTypes
		.filter(({ description }) => description.usableAsTool)
		.map(({ description }) =>
			[description.name, `${description.name}Tool`].map((name) =>
				description.properties
					.filter(({ type }) => type === 'notice')
					.filter((notice) =>
						NodeHelpers.displayParameter({}, notice, { typeVersion: 1 }, { ...description, name }),
					)
					.map(({ displayName }) => displayName),
			),
		);
	expect(notices).toHaveLength(5);
	const advice = expect.stringMatching(/^Use it with an <b>AI Agent<\/b> node of version 3/) as string;
	expect(notices).toEqual(notices.map(() => [[], [advice]]));
});

test('the dialog of a card says that testing it sends nothing', () => {
	const { properties } = credentialTypes.find(({ name }) => name === 'paymentCardApi')!;
	expect(properties[0]).toMatchObject({ type: 'notice' });
	expect(properties[0]!.displayName).toMatch(/Testing .* sends nothing/);
});

test('a field that depends on one inside a collection names it from the root: n8n 1 finds no other', () => {
	const found = fields.flatMap(({ where, field: { displayOptions: { show, hide } = {} } }) =>
		Object.keys({ ...show, ...hide })
			.filter((name) => name.includes('.') && !name.startsWith('/'))
			.map((name) => `${where}: ${name}`),
	);
	expect(found).toEqual([]);
});

describe('what a form is made of', () => {
	const at = (operation: string, more = {}) => ({
		show: { resource: ['owl'], operation: [operation], ...more },
	});
	const option = (value: string) => ({
		name: value,
		value,
		action: `${value} it`,
		description: '',
		hint: '',
	});
	const looking = {
		option: option('get'),
		effect: 'reads',
		fields: [textField('Name', 'name', { displayOptions: { show: { all: [false] } } })],
	};
	const buying = {
		option: option('buy'),
		effect: 'spends',
		warning: 'It buys.',
		dryRunHelp: 'Whether to look',
		fields: [],
		options: [textField('Coupon', 'coupon', {})],
		spending: { default: 100, unit: 'credits', cost: () => 1 },
		chargesCard: true,
	};
	const writing = { ...buying, option: option('write'), effect: 'changes', options: undefined };
	const operations = [looking, buying, { ...writing, spending: undefined, chargesCard: false }] as object[];
	const resources = [
		{ option: { name: 'Owl', value: 'owl' }, operations: operations as Operation[], default: 'buy' },
	];

	test('the two dropdowns, and the fields of each operation', () => {
		const properties = propertiesOf(resources, 1234);
		const facts = ({ name, type, default: value, displayOptions }: INodeProperties) => [
			name,
			type,
			value,
			displayOptions,
		];
		const untilTried = (operation: string) => ({ hide: { dryRun: [true] }, ...at(operation) });
		expect(properties.map(facts)).toEqual([
			['credentials', 'credentials', '', undefined],
			['resource', 'options', 'owl', undefined],
			['operation', 'options', 'buy', { show: { resource: ['owl'] } }],
			['toolNotice', 'notice', '', { show: { '@tool': [true] } }],
			['name', 'string', '', at('get', { all: [false] })],
			['options', 'collection', {}, at('get')],
			['notice', 'notice', '', untilTried('buy')],
			['spendingLimit', 'number', 100, at('buy')],
			['dryRun', 'boolean', false, at('buy')],
			['options', 'collection', {}, at('buy')],
			['notice', 'notice', '', untilTried('write')],
			['dryRun', 'boolean', false, at('write')],
			['options', 'collection', {}, at('write')],
		]);
		expect(properties.slice(1, 3)).toMatchObject([
			{ displayName: 'Resource', noDataExpression: true, options: [{ name: 'Owl', value: 'owl' }] },
			{
				displayName: 'Operation',
				noDataExpression: true,
				options: [{ value: 'get' }, { value: 'buy' }, { value: 'write' }],
			},
		]);
		const collections = properties.filter(({ name }) => name === 'options');
		for (const collection of collections)
			expect(collection).toMatchObject({ displayName: 'Options', placeholder: 'Add option' });
		expect(JSON.stringify(collections[0])).toContain('Without one, the node asks again, up to twice.');
		const entries = collections.map((field) =>
			(field.options as INodeProperties[]).map(({ name, default: value }) => [name, value]),
		);
		const common = [
			['includeRawReply', false],
			['timeout', 1234],
		];
		const once = ['idempotencyKey', ''];
		expect(entries).toEqual([
			common,
			[
				once,
				['coupon', ''],
				common[0],
				['maximumPerDay', 0],
				['maximumPerMonth', 0],
				['maximumRefusalsPerDay', 3],
				common[1],
			],
			[once, ...common],
		]);
		const bounds = properties
			.flatMap((field) => [field, ...(field.name === 'options' ? (field.options as INodeProperties[]) : [])])
			.filter(({ typeOptions }) => typeOptions)
			.map(({ name, typeOptions }) => [name, typeOptions]);
		const waiting = ['timeout', { minValue: 1, maxValue: 600_000 }];
		const whole = { minValue: 0, numberPrecision: 0 };
		expect(bounds).toEqual([
			waiting,
			['spendingLimit', { minValue: 0 }],
			['maximumPerDay', whole],
			['maximumPerMonth', whole],
			['maximumRefusalsPerDay', whole],
			waiting,
			waiting,
		]);
		const texts = JSON.stringify(properties);
		for (const text of [
			'It buys. <b>Execute step</b> does this for real, too: switch on <b>Dry Run</b> to try it out.',
			'Spending Limit (Credits)',
			'Whether to look. Nodes behind this one act on its items, unless theirs is on, too.',
			'all its items together. If they come to more, nothing is sent for any of them. Each',
			'Leave it false in a workflow that is to work. Set it to true only to try the workflow out: nothing is sent, bought or changed then.',
			'The most that one run may spend. Take it from the request; do not raise it on your own.',
			'What was sent when the time is up counts as unknown, and a retry of the execution does not repeat it.',
			'in one day of the workflow’s time zone, over all its executions; 0 for no limit. Beyond it nothing is sent and the item fails.',
			'in one calendar month of',
		])
			expect(texts).toContain(text);
	});

	test('of a top-up, what happens at a limit', () => {
		const topUp = { ...buying, spending: { ...buying.spending, unit: 'EUR', onlyIfNeeded: true } };
		const own = { ...topUp, comesOutAtLimit: true } as object as Operation;
		const texts = JSON.stringify(propertiesOf([{ ...resources[0]!, operations: [own] }], 1234));
		for (const text of [
			'Spending Limit (EUR)',
			'What would pass it is not spent. Each',
			'Beyond it nothing is added and the item comes out with toppedUp false and limitReached true.',
		])
			expect(texts).toContain(text);
	});

	test('the subtitle', () => {
		expect(subtitleOf([{ ...resources[0]!, operations: [looking] as object[] as Operation[] }])).toBe(
			'={{ ({"owl.get":"get it"}[$parameter["resource"] + "." + $parameter["operation"]] ?? "") + ($parameter["dryRun"] === true ? " (dry run)" : "") }}',
		);
	});

	test('the fields of a credential', () => {
		const production = { name: 'Production', value: 'production' };
		expect(environmentField([production], 'Which one')).toEqual({
			displayName: 'Environment',
			name: 'environment',
			type: 'options',
			default: 'production',
			options: [
				{
					name: 'Custom',
					value: 'custom',
					description: 'A gateway of your company or a test server with the same API',
				},
				production,
			],
			description: 'Which one',
		});
		expect(baseUrlField({ production: 'https://api.example.org/v1/https://a' })).toEqual({
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://gateway.example.com/v1/https://a',
			displayOptions: { show: { environment: ['custom'] } },
			description:
				'The address that stands for https://api.example.org/v1/https://a. It has to be https, or http on this machine.',
		});
		expect(secretField('Key', 'key', { description: 'Of the account' })).toEqual({
			displayName: 'Key',
			name: 'key',
			type: 'string',
			default: '',
			typeOptions: { password: true },
			required: true,
			description: 'Of the account',
		});
	});

	test('the rules of a credential’s test', () => {
		const status = (value: number, message: string) => ({
			type: 'responseCode',
			properties: { value, message },
		});
		expect(busyRules('It is busy')).toEqual(
			[429, 503].map((code) => status(code, 'It is busy: wait a minute and test again.')),
		);
		expect(troubleRules('Owl Mail')).toEqual(
			[500, 502, 504, 524].map((code) =>
				status(code, 'Owl Mail is in trouble at the moment: test again in a few minutes.'),
			),
		);
		expect(nothingRules('id', 'No ID')).toEqual(
			[undefined, null, ''].map((value) => ({
				type: 'responseSuccessBody',
				properties: { key: 'id', value, message: 'No ID' },
			})),
		);
	});
});
