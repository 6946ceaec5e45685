import { runNode } from '../../nodes/shared/pipeline/runNode';
import { atOnce, going, itemsOf, openBench, outcomeOf } from '../harness';
import { scenes } from '../scenes';
import { contextOf, services } from './context';

/** One item alone is neither counted nor numbered, and nothing said of it reads as if nothing had left. */
const bench = openBench();

const purchase = { resource: 'credit', operation: 'purchase', amount: '={{ $json.amount }}' };
const NUMBERED = /\[item|of 1 items/;

test('a refusal', async () => {
	const refuse = () =>
		bench.simulator.order({ fault: 'refusalIn200', operation: 'purchase', text: 'No', code: 2 });
	refuse();
	const stopped = await bench.run('click2mail', purchase, [{ amount: 10 }]);
	expect(stopped.error?.message).toMatch(/^Click2Mail refused: [^[]*\(?No\)?\.$/);
	expect(stopped.error?.context?.itemIndex).toBe(0);
	refuse();
	const went = await bench.run('click2mail', purchase, [{ amount: 10 }], going);
	expect(itemsOf(went)[0]!.error).toMatch(/^Click2Mail refused: [^[]*\(?No\)?\. [A-Z]/);
});

test('an invalid one', async () => {
	const stopped = await bench.run('click2mail', purchase, [{ amount: 9 }]);
	expect(stopped.error?.message).toBe('“Amount” must be at least 10 USD, but is 9. Nothing was sent.');
});

test('every unclear outcome says what a new run may do, and what a retry does not', async () => {
	const acting = scenes.filter(({ effects }) => effects);
	await atOnce(acting, async (scene, bench) => {
		scene.prepare?.(bench.simulator);
		bench.simulator.order({ provider: scene.provider, operation: scene.request, fault: 'resetAfter' });
		const result = await bench.play(scene, { items: [scene.items[0]!] });
		if (outcomeOf(result) !== 'unknown') {
			// It was looked up, and has happened.
			expect(scene.isLookedUp).toBe(true);
			return;
		}
		expect(result.error?.message).toMatch(/^It is unknown whether /);
		expect(result.error?.message).not.toMatch(NUMBERED);
		expect(result.error?.description).toMatch(
			/a retry of this execution does not repeat it\. (Look it up at|See) .* by “Execute step”, may do it again unless “Act Once Per” names it/,
		);
	});
});

test('of no item nothing comes', async () => {
	const context = { ...contextOf(services.click2mail, 'credit.purchase', {}), getInputData: () => [] };
	const { provider, resources } = services.click2mail;
	expect(await runNode(context, provider, resources)).toEqual([[]]);
});

test('a text that has left comes out where n8n has no place for a warning about it', async () => {
	const receipt = {
		ID: '6419',
		RecipientsCount: 1,
		Credits: 1,
		Message: 'Money',
		PhoneNumbers: ['2125550101'],
	};
	const text = JSON.stringify({ Response: { Status: 'Success', Code: 201, Entry: receipt } });
	const given = { phoneNumbers: '2125550101', message: 'Honey' };
	const { provider, resources } = services.clubTexting;
	const reply = { status: 201, headers: {}, text };
	const context = contextOf(services.clubTexting, 'message.send', given, { reply });
	const [items] = await runNode(context, provider, resources);
	expect(items).toMatchObject([{ json: { messageId: '6419', message: 'Money' }, pairedItem: { item: 0 } }]);
});
