import { words } from '../i18n';

words('jobs', {
  state: {
    queued: ['排队中', 'Queued'],
    running: ['进行中', 'Running'],
    awaiting_approval: ['等待审批', 'Awaiting approval'],
    done: ['完成', 'Done'],
    failed: ['失败', 'Failed'],
    cancelled: ['已取消', 'Cancelled'],
  },
  cancel: ['取消任务', 'Cancel'],
  of: ['{{done}} / {{total}} {{unit}}', '{{done}} of {{total}} {{unit}}'],
  so_far: ['已处理 {{done}} {{unit}}', '{{done}} {{unit}} so far'],
});
