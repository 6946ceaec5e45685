const files = (folder, names) => names.split(' ').map((name) => `test/${folder}/${name}.test.ts`);
const shared = (...names) => names.map((name) => `nodes/shared/${name}.ts`);

/**
 * What the nodes share, room by room, each with the tests that are about it, and with how many processes they are played:
 * more where they wait than where they compute.
 */
export const rooms = {
	// One file, in half a minute: CI sees that mutation testing starts.
	card: { mutate: shared('paymentCard'), processes: 2, spec: files('operations', 'card credentials') },
	values: {
		processes: 2,
		mutate: shared('values/*', 'redact', 'errors', 'provider'),
		spec: [
			...files(
				'operations',
				'values redact parameters sendingWindow phoneNumber characters advice topUp empty reports send',
			),
			...files('operations', 'mailPartner click2MailSend clubTexting ezTexting brands'),
			...files('safety', 'secrets'),
			'test/polling/*.test.ts',
			'test/trigger/*.test.ts',
		],
	},
	http: {
		processes: 2,
		mutate: shared('http/*'),
		spec: [
			...files('operations', 'verdicts bodies replies unexpected endlessReplies advice connections brands'),
			...files(
				'operations',
				'credentials parameters redact click2MailSend click2MailJobs errorModes dryRun topUp mailPartner contacts',
			),
			...files('safety', 'pacing cancel suspected holds'),
		],
	},
	operation: {
		processes: 2,
		mutate: shared('operation/*'),
		spec: [
			'test/contract/*.test.ts',
			'test/editor/*.test.ts',
			...files(
				'operations',
				'parameters leftEmpty empty topUp coverJob card dryRun oneItem everyOperation send',
			),
			...files('operations', 'clubTexting mailPartner click2Mail ezTexting contacts reports'),
		],
	},
	sms: {
		processes: 2,
		// The table of area codes is made by a script, and compared with what that makes.
		mutate: [...shared('sms/*'), '!nodes/shared/sms/areaCodes.ts'],
		spec: [
			...files(
				'operations',
				'send sendingWindow phoneNumber characters contacts missingGroups reports ezTexting clubTexting',
			),
			...files('operations', 'empty advice dryRun parameters brands unexpected'),
			...files(
				'safety',
				'send sendKeys order sharedNumbers sharedReceipt identity cancel heldBack unclearWrites',
			),
		],
	},
	polling: {
		processes: 2,
		mutate: shared('polling/*'),
		spec: ['test/polling/*.test.ts', 'test/contract/*.test.ts'],
	},
	pipeline: {
		processes: 7,
		mutate: shared('pipeline/*'),
		spec: [
			...files(
				'operations',
				'errorModes oneItem dryRun everyOperation send topUp coverJob advice unexpected',
			),
			...files('operations', 'click2Mail mailPartner clubTexting ezTexting click2MailSend missingGroups'),
			...files('operations', 'click2MailJobs'),
			...files('safety', 'send order cancel heldBack holds journal deadList crashRetry tool unclearWrites'),
			...files('safety', 'sharedNumbers sharedReceipt identity leftOver settled underWay keysGivenBack'),
		],
	},
	idempotency: {
		processes: 10,
		mutate: shared('idempotency/*'),
		spec: [
			...files(
				'safety',
				'contest claims journal identity tool toolCalls leftOver settled keptWrites deadList cancel crashRetry',
			),
			...files(
				'safety',
				'underWay heldBack unclearWrites promise dailyCap idempotency sendKeys keysGivenBack',
			),
		],
	},
};
