import { definePattern } from '../../src/check/rule.ts';
import noAckBeforeWork from './no-ack-before-work.ts';
import noOrphanTopic from './no-orphan-topic.ts';
import noSharedConsumerGroup from './no-shared-consumer-group.ts';

const asyncMessaging = definePattern({
  id: 'async-messaging',
  title: 'Messages are published without waiting, and each is worked on at least once',
  rules: [noSharedConsumerGroup, noAckBeforeWork, noOrphanTopic],
});
export default asyncMessaging;
