package org.postbus.delivery;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.postbus.consumer.InfrastructureFailure;
import org.postbus.events.directory.DirectoryView;

/** Progress of a {@link DirectoryView}. */
final class ViewProgress implements DirectoryProgress {

    private static final Logger LOG = Logger.getLogger(ViewProgress.class);

    private final DirectoryView view;
    private final Duration patience;

    ViewProgress(DirectoryView view, Duration patience) {
        this.view = view;
        this.patience = patience;
    }

    @Override
    public void awaitOffset(long offset) {
        try {
            if (!view.loaded().isDone()) {
                view.loaded().copy().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            }
            if (!view.awaitOffset(offset, patience)) {
                confirmTheEnd(offset);
            }
            requireComplete();
            if (view.offset() < offset) {
                LOG.warnf("mail.directory ends at %d, a mail was judged at %d: routing by what there is", view.offset(), offset);
            }
        } catch (TimeoutException | ExecutionException e) {
            throw new InfrastructureFailure("the directory is not loaded", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureFailure("interrupted while waiting for the directory", e);
        }
    }

    /** A name that is missing may yet be published anew, and mail for it must not come back meanwhile. */
    private void requireComplete() {
        if (!view.isComplete()) {
            throw new InfrastructureFailure("mail.directory has nothing yet, or names are being published anew");
        }
    }

    /**
     * An offset past the end of the topic was made up, or the topic was made anew: it will never come, and waiting
     * for it would stop every mail behind. What the topic holds is then all there is to know, once it is complete.
     */
    private void confirmTheEnd(long offset) throws InterruptedException {
        try {
            view.confirmAtEnd().get();
        } catch (ExecutionException e) {
            throw new InfrastructureFailure("the directory has not reached offset " + offset, e);
        }
    }

    @Override
    public long offset() {
        return view.offset();
    }
}
