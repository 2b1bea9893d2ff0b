import type { Hook } from '@oclif/core';
import { didYouMean } from '../did-you-mean.ts';
import { UserError } from '../errors.ts';

const commandNotFound: Hook.CommandNotFound = async ({ id, config }) => {
  const meant = didYouMean(id, config.commandIDs);
  throw new UserError('LT-001', `there is no command ${id}`, {
    hint: meant === undefined ? 'lintel --help lists them' : `did you mean lintel ${meant}?`,
  });
};
export default commandNotFound;
