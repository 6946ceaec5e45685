import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { choiceField, textField } from './fields';

/** Which site or brand the account is with. @param others beside a custom one, with `production` among them */
export function environmentField(others: INodePropertyOptions[], description: string): INodeProperties {
	const custom = {
		name: 'Custom',
		value: 'custom',
		description: 'A gateway of your company or a test server with the same API',
	};
	return choiceField('Environment', 'environment', 'production', {
		options: [custom, ...others],
		description,
	});
}

/** The address of a custom environment. @param hosts the provider's own */
export function baseUrlField({ production }: { production: string }): INodeProperties {
	return textField('Base URL', 'baseUrl', {
		required: true,
		placeholder: `e.g. ${production.replace(/^https:\/\/[^/]+/, 'https://gateway.example.com')}`,
		displayOptions: { show: { environment: ['custom'] } },
		description: `The address that stands for ${production}. It has to be https, or http on this machine.`,
	});
}

/** A text that nobody sees once it is typed, and that n8n stores encrypted. */
export function secretField(
	displayName: string,
	name: string,
	others: Pick<INodeProperties, 'placeholder' | 'description'> = {},
): INodeProperties {
	return textField(displayName, name, { typeOptions: { password: true }, required: true, ...others });
}

/** What the test of a credential says to an HTTP status. */
export function statusRule(value: number, message: string) {
	return { type: 'responseCode' as const, properties: { value, message } };
}

/** What it says to a provider that has no time: 429, and 503 of those whose servers are busy with it. */
export function busyRules(message: string) {
	return [429, 503].map((status) => statusRule(status, `${message}: wait a minute and test again.`));
}

/** What it says to a provider in trouble, or to a gateway before it that has waited for long enough. */
export function troubleRules(provider: string) {
	return [500, 502, 504, 524].map((status) =>
		statusRule(status, `${provider} is in trouble at the moment: test again in a few minutes.`),
	);
}

/** What it says to a reply. @param value which n8n compares with the one at the key: undefined where none stands there */
export function bodyRule(key: string, value: unknown, message: string) {
	return { type: 'responseSuccessBody' as const, properties: { key, value, message } };
}

/** What it says to a reply that has nothing at the key. */
export function nothingRules(key: string, message: string) {
	return [undefined, null, ''].map((none) => bodyRule(key, none, message));
}
