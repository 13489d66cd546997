package org.postbus.systemtest.faults.cases;

/** Something that goes wrong under load. To add one, write a record that implements this and name it here and in a schedule. */
public sealed interface Fault
        permits KillAtPoints, KillAtRandom, KillBrokers, KafkaDown, KillPostgres, CutCommits, CutLinks, StoppedConsumer,
                PoisonRecords, RollingRestart, ScaleUpAndDown, RestoredPostgres, PointInTime, RestoredDeletionsFirst,
                KillGatewayWithoutKafka, FullDisk, StoppedGateway, KillRelay {

    /** For the report. */
    String name();

    /** Whether mail for elsewhere must be among the load. */
    default boolean relays() {
        return false;
    }

    /** Whether whatever ends is asked to, as in everyday operation: then no client may notice. */
    default boolean isGentle() {
        return false;
    }

    /**
     * Breaks things until the scene is over, or sooner, while clients send and fetch. Need not mend what it broke, except
     * for what only it knows of: afterwards everything dead is started and every link opened.
     */
    void run(Scene scene) throws Exception;
}
