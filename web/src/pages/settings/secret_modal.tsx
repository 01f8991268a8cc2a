// Something shown once: a link or a key, to be copied now.
import { Button, Modal, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

export function SecretModal({ title, text, secret, onClose }: { title: string; text: string; secret: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal open title={title} mask={{ closable: false }} onCancel={onClose} footer={<Button type="primary" onClick={onClose}>{t('shell.close')}</Button>}>
      <p>{text}</p>
      <Typography.Paragraph copyable={{ text: secret }} className="code" data-testid="secret">
        {secret}
      </Typography.Paragraph>
    </Modal>
  );
}
