import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { EZ_TEXTING_HOSTS } from '../nodes/EzTexting/provider';
import { baseUrlExpression, basicLogin, loggingIn } from '../nodes/shared/http/baseUrl';
import {
	baseUrlField,
	bodyRule,
	busyRules,
	environmentField,
	secretField,
	statusRule,
	troubleRules,
} from '../nodes/shared/operation/credentialForm';
import { choice, textField } from '../nodes/shared/operation/fields';

const ELSEWHERE =
	'What answers at this address is not EZ Texting’s API v1. Check the environment and the base URL.';

/**
 * Log-in of an EZ Texting account: HTTP Basic authentication with what signs in at the web product, or with an app key and
 * its secret. Source: EZ Texting, developer guide "Authentication".
 */
export class EzTextingApi implements ICredentialType {
	name = 'ezTextingApi';

	displayName = 'EZ Texting API';

	icon = { light: 'file:../icons/eztexting.svg', dark: 'file:../icons/eztexting.dark.svg' } as const;

	documentationUrl =
		'https://github.com/messaging-credits/n8n-nodes-messaging-credits/blob/main/docs/credentials.md#ez-texting-api';

	properties: INodeProperties[] = [
		environmentField(
			[choice('Production', 'production', 'Real texts and real charges, at a.eztexting.com')],
			'Where the API is. EZ Texting has no test site.',
		),
		baseUrlField(EZ_TEXTING_HOSTS),
		textField('Username', 'username', {
			required: true,
			description:
				'The user name or e-mail you sign in with at EZ Texting, or an app key. An account at Club Texting, or at EZ Texting’s older API (app.eztexting.com), needs the Club Texting node instead.',
		}),
		secretField('Password', 'password', {
			description: 'The password that goes with it, or the secret of the app key',
		}),
	];

	get authenticate() {
		return loggingIn(EZ_TEXTING_HOSTS, (credential) => ({
			auth: { ...basicLogin(credential), sendImmediately: true },
		}));
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: baseUrlExpression(EZ_TEXTING_HOSTS),
			url: '/credits',
			headers: { Accept: 'application/json' },
			disableFollowRedirect: true,
		},
		rules: [
			statusRule(
				401,
				'EZ Texting does not accept this user name and password. They are those of its web product; a Club Texting account is another one.',
			),
			statusRule(403, 'EZ Texting denies access: ask its support whether the account may use the API.'),
			...busyRules('EZ Texting gets too many requests at the moment'),
			...troubleRules('EZ Texting'),
			statusRule(404, ELSEWHERE),
			// n8n compares what stands at a key: only a number has this.
			bodyRule('totalCredits.toFixed', undefined, ELSEWHERE),
		] as ICredentialTestRequest['rules'],
	};
}
