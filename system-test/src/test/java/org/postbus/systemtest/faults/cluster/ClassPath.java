package org.postbus.systemtest.faults.cluster;

/** What a child process with classes of the tests runs on. */
final class ClassPath {

    private ClassPath() {}

    /** This process's own, also where the test runner hides it in a manifest. */
    static String ours() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
