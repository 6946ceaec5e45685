import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { choiceField, textField } from './fields';

/** Which site or brand the account is with. @param options with `production` among them */
export function environmentField(options: INodePropertyOptions[], description: string): INodeProperties {
	return choiceField('Environment', 'environment', 'production', { options, description });
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

/** What it says to a reply. @param value which n8n compares with the one at the key: undefined where none stands there */
export function bodyRule(key: string, value: unknown, message: string) {
	return { type: 'responseSuccessBody' as const, properties: { key, value, message } };
}

/** What it says to a reply that has nothing at the key. */
export function nothingRules(key: string, message: string) {
	return [undefined, null, ''].map((none) => bodyRule(key, none, message));
}
