import test from 'ava';
import { doubtfulCatchUpTopics } from '../../main/config/catch-up-topics.ts';

const topicPrefixes = ['org.fedoraproject.prod', '', 'VirtualTopic.eng'];

const doubts = (...catchUpTopics: ReadonlyArray<string>) =>
  doubtfulCatchUpTopics({ catchUpTopics, topicPrefixes });

test('a topic without its prefix is doubted in a sentence that says the right one', (t) => {
  const [doubt, ...more] = doubts(
    'git.receive',
    'org.fedoraproject.prod.bodhi.update.request.stable',
  );
  t.regex(
    doubt ?? '',
    /^catchUpTopics names git\.receive, .*: org\.fedoraproject\.prod\.git\.receive\?$/,
  );
  t.deepEqual(more, []);
});

test('a pattern is doubted, # alone is not', (t) => {
  t.regex(doubts('org.fedoraproject.prod.*')[0] ?? '', /datagrepper knows no wildcards/);
  t.deepEqual(doubts('#'), []);
});

test('where topics have no prefix none is missed', (t) => {
  t.deepEqual(doubtfulCatchUpTopics({ catchUpTopics: ['git.receive'], topicPrefixes: [''] }), []);
});
