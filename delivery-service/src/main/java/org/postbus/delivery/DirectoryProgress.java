package org.postbus.delivery;

/** How far this service's view of the directory is. */
public interface DirectoryProgress {

    /**
     * Returns when the view has reached the offset, or the end of the topic where that comes first, and lacks nothing.
     *
     * @param offset next offset of {@code mail.directory} that the view of another service had reached
     * @throws org.postbus.consumer.InfrastructureFailure the view is not there yet, or names are being published anew
     */
    void awaitOffset(long offset);

    /** The next offset of {@code mail.directory} that the view has reached. */
    long offset();
}
