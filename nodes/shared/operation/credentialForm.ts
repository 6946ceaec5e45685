import type { INodeProperties } from 'n8n-workflow';
import { textField } from './fields';

/** The address of a custom environment. @param hosts the provider's own */
export function baseUrlField({ production }: { production: string }): INodeProperties {
	return textField('Base URL', 'baseUrl', {
		required: true,
		placeholder: `e.g. ${production.replace(/^https:\/\/[^/]+/, 'https://gateway.example.com')}`,
		displayOptions: { show: { environment: ['custom'] } },
		description: `The address that stands for ${production}. It has to be https, or http on this machine.`,
	});
}

/** What the test of a credential says to an HTTP status. */
export function statusRule(value: number, message: string) {
	return { type: 'responseCode' as const, properties: { value, message } };
}

/** What it says to a reply. @param value which n8n compares with the one at the key: undefined where none stands there */
export function bodyRule(key: string, value: unknown, message: string) {
	return { type: 'responseSuccessBody' as const, properties: { key, value, message } };
}
